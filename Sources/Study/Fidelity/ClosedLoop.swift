import Workload

/// Requests of clients that each send the next when their last is complete.
struct ClosedLoop {
  /// Clients, at least 1.
  var clients: Int
  /// Requests of each client, at least 1.
  var rounds: Int
  /// Lengths are uniform from these shares of the nominal ones up to them.
  var promptTokens: Int
  var outputTokens: Int
  var leastPromptShare: Double
  var leastOutputShare: Double
  /// What lengths depend on besides a request's number.
  var key: UInt64

  /// One session per client, of turns that wait for each other's completion, for a closed loop.
  func trace(named name: String) -> InMemoryTrace {
    var group = RowGroup()
    let count = rounds * clients
    group.record = ContiguousArray(0..<Int64(count))
    group.arrival = ContiguousArray(repeating: 0, count: count)
    group.promptTokens.reserveCapacity(count)
    group.outputTokens.reserveCapacity(count)
    group.session.reserveCapacity(count)
    group.edgeStart.reserveCapacity(count + 1)
    group.edgeStart.append(0)
    for record in 0..<count {
      group.promptTokens.append(length(promptTokens, from: leastPromptShare, record, draw: 0))
      group.outputTokens.append(length(outputTokens, from: leastOutputShare, record, draw: 1))
      group.session.append(Int32(record % clients))
      group.turn.append(Int32(record / clients))
      if record >= clients {
        group.edges.append(
          TurnEdge(parentRecord: Int64(record - clients), delay: 0, trigger: .completion)
        )
      }
      group.edgeStart.append(Int32(group.edges.count))
    }
    return InMemoryTrace(name: name, groups: [group])
  }

  /// A whole number uniform from a share of `nominal` up to it.
  private func length(_ nominal: Int, from share: Double, _ record: Int, draw: UInt64) -> Int32 {
    let least = max(1, Int((Double(nominal) * share).rounded(.down)))
    let word = SplitMix64.mix(key ^ SplitMix64.mix(UInt64(record) << 1 | draw))
    let offset = UInt64(nominal - least + 1).multipliedFullWidth(by: word).high
    return Int32(least + Int(offset))
  }
}

extension UInt64 {
  /// A number that texts share only when they are equal, for all that matters here: 64-bit FNV-1a,
  /// mixed.
  init(hashing text: String) {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    self = SplitMix64.mix(hash)
  }
}
