import Hardware
import Policies
import Simulation
import Testing
import Workload

/// What a layer-wise hand-off leaves to wait for when the prompt has been computed.
///
/// If each layer of the prompt took a share of the prefill time P and were sent as soon as it is
/// there, in 1/L of the time B that all bytes take, what is visible of the transfer would be
/// max(0, (B − P)(L − 1)/L) + B/L, after its latency. The engine gives a transfer all layers but the
/// last when their chunk starts, so it shows at most P/L less; and a latency is hidden by a prompt
/// that takes longer.
@Suite struct LayerWiseTests {
  @Test(arguments: [1, 2, 4, 32], [7, 64, 100_000])
  func `what is visible is the closed form, within a layer of the prompt`(
    layers: Int,
    budget: Int
  ) throws {
    var (hidden, exposed) = (0, 0)
    for prompt: Int32 in [1, 63, 64, 65, 1_000, 4_096] {
      for bytesPerSecond: Int64 in [100_000_000, 900_000_000, 1_100_000_000, 50_000_000_000] {
        for latency: SimTime in [0, 500] {
          let fleet = fleet(layers, bytesPerSecond, latency)
          let rows = RowGroup.solo(prompt, 5)
          let record = try record(of: rows, on: fleet, budget)
          #expect(record.handoff == .layerWise)
          let (prefill, all) = (
            Double(record.prefillEnd - record.arrival),
            Double(record.transferBytes) * 1e9 / Double(bytesPerSecond)
          )
          let count = Double(layers)
          let overlapped = max(0, (all - prefill) * (count - 1) / count)
          let expected = Double(latency) + overlapped + all / count
          let visible = Double(record.transferEnd - record.prefillEnd)
          // Every time that the flow finds nothing to send, a part of a nanosecond is lost.
          let roundings = 2 + Double(Int(prompt) / budget)
          #expect(visible <= expected + roundings, "\(prompt) at \(bytesPerSecond)")
          #expect(visible >= expected - prefill / count - Double(latency) - roundings)
          if all > prefill { exposed += 1 } else { hidden += 1 }
        }
      }
    }
    #expect(exposed > 5 && hidden > 5)
  }

  @Test(arguments: [1, 2, 5])
  func `it is never slower than a hand-off that waits for the prompt`(layers: Int) throws {
    for prompt: Int32 in [1, 40, 1_000] {
      for bytesPerSecond: Int64 in [100_000_000, 1_000_000_007, 50_000_000_000] {
        var fleet = fleet(layers, bytesPerSecond, 300)
        let rows = RowGroup.solo(prompt, 5)
        let overlapped = try record(of: rows, on: fleet, 64)
        fleet.handoff.overlap = .blocking
        let blocking = try record(of: rows, on: fleet, 64)
        #expect(overlapped.finish <= blocking.finish)
        #expect(overlapped.transferBytes == blocking.transferBytes)
      }
    }
  }

  /// Two chunks of 100 ns, of which only the first has KV to send: 50 bytes at its start and 50 at
  /// its end.
  @Test(
    arguments: [
      // All is sent when the prompt ends, and not a nanosecond earlier.
      (bytesPerSecond: 500_000_000, end: 200),
      // All was sent before, and the transfer ends when that is known.
      (bytesPerSecond: 1_000_000_000, end: 201),
      // A third of a byte per nanosecond.
      (bytesPerSecond: 333_333_333, end: 301),
    ] as [(bytesPerSecond: Int64, end: SimTime)]
  )
  func `a last chunk with nothing to send ends what was sent before`(
    bytesPerSecond: Int64,
    end: SimTime
  ) throws {
    var fleet = fleet(2, bytesPerSecond, 0)
    let shape = KVShape(fullBytesPerToken: 0, windowBytesPerToken: 10, windowTokens: 10)
    for index in fleet.pools.indices { fleet.pools[index].kind.kv = shape }
    let record = try record(of: RowGroup.solo(20, 5), on: fleet, 10)
    #expect(record.prefillEnd - record.arrival == 200)
    #expect(record.transferEnd - record.arrival == end)
  }

  private func record(of rows: RowGroup, on fleet: Fleet, _ budget: Int) throws -> RequestRecord {
    var choice = PolicyChoice()
    try choice.set("chunked:tokens=\(budget)", for: .batch)
    let test = Case(
      seed: 0,
      rows: rows,
      fleet: fleet,
      policies: try choice.resolve(),
      options: RunOptions()
    )
    return try #require(try LawRun(test, mode: .fast).records.first)
  }

  /// Prompts take 10 ns per token and their KV has 10 bytes per token.
  private func fleet(_ layers: Int, _ bytesPerSecond: Int64, _ latency: SimTime) -> Fleet {
    let pools = [Role.prefill, .decode].map { role in
      var kind = InstanceKind(
        name: "\(role)",
        chip: "linear",
        model: "linear",
        chips: 1,
        kv: KVShape(fullBytesPerToken: 10),
        kvCapacityUnits: 1_000_000,
        maxBatch: 8,
        nicBytesPerSecond: bytesPerSecond,
        handoffLatency: latency,
        kvReplication: 1,
        costs: LinearCosts(decodeBase: 20, prefillPerToken: 10_000),
        peakOperationsPerSecond: 1e12,
        memoryBytesPerSecond: 1e12
      )
      kind.layers = layers
      return Pool(name: "\(role)", role: role, kind: kind, count: 1)
    }
    var fleet = Fleet(name: "layers", summary: "linear", pools: pools, firstToken: .prefill)
    fleet.handoff.decodeAt = .prefillStart
    fleet.handoff.overlap = .layerWise
    return fleet
  }
}
