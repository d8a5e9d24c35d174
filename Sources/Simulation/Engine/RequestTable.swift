import KVCache
import Workload

/// The stage a request is in, as the index of its counter.
enum Stage: UInt8 {
  case gateway, prefillQueue, prefill, transfer, decodeQueue, decode, stall
}

/// A request in flight. Its fields are used together, a few requests at a time, so one struct per
/// slot touches fewer cache lines than columns would.
struct RequestState {
  /// What will leave the engine.
  var out = RequestRecord()
  var stage = Stage.gateway
  /// When the current stage began.
  var mark: SimTime = 0
  var queuedAt: SimTime = 0
  var admittedAt: SimTime = 0
  var maxOutputTokens: Int32 = 0
  var priority: Int32 = 0
  var tenant: UInt16 = 0
  /// Whether a token of it was emitted by a decode step or its prompt is complete: a recomputation
  /// then restores its KV and emits nothing.
  var hasLeftPrompt = false
  /// Whether the slot holds a request that has not left the engine.
  var isLive = true

  /// Tokens whose KV it needs before it can decode.
  var contextTokens: Int64 = 0
  /// How many of them are computed.
  var computedTokens: Int64 = 0

  /// In a batch, its KV tokens and its emitted tokens are these plus the instance's decode steps.
  var contextBase: Int64 = 0
  var emittedBase: Int64 = 0
  var joinStep: Int64 = 0
  /// Visible time of its latest token.
  var lastToken: SimTime = -1

  /// The full blocks of its prompt; until it is located, its row's prefix node and blocks.
  var path = PrefixPoint.root
  /// How many of them it pins where it is computed, and where it only decodes.
  var entryPins: Int32 = 0
  var decodePins: Int32 = 0
  /// How many of them it pinned when it got its memory where it is computed.
  var hitBlocks: Int32 = 0
  /// Whether blocks of it are on their way from a tier, so that it gets no chunk.
  var isLoading = false
  /// Tokens of its context that its decode instance had when it reserved memory there.
  var landedTokens: Int64 = 0
  /// Whether some of its output was reasoning, which no later prompt contains.
  var hasReasoning = false

  /// Its layer-wise transfer; −1 without one.
  var transfer: Int32 = -1
  /// Its place in a trace that is in memory.
  var position: Int32 = -1
  /// End of its latest copy to host memory.
  var swapOutEnd: SimTime = 0
  /// Whether its KV comes back from host memory, so that it is not inbound.
  var isSwappingIn = false
  /// Whether what happens to it is written down.
  var isExplained = false

  /// Ends the current stage at `now` and begins the next, unless it is stalled: then all is stall until
  /// its next token.
  mutating func enterUnlessStalled(_ next: Stage, at now: SimTime) {
    if stage != .stall { enter(next, at: now) }
  }

  /// Ends the current stage at `now` and begins the next.
  mutating func enter(_ next: Stage, at now: SimTime) {
    let elapsed = now - mark
    switch stage {
    case .gateway: out.stages.gateway += elapsed
    case .prefillQueue: out.stages.prefillQueue += elapsed
    case .prefill: out.stages.prefill += elapsed
    case .transfer: out.stages.transfer += elapsed
    case .decodeQueue: out.stages.decodeQueue += elapsed
    case .decode: out.stages.decode += elapsed
    case .stall: out.stages.stall += elapsed
    }
    mark = now
    stage = next
  }
}

/// The requests in flight, in slots that are used again.
struct RequestTable: ~Copyable {
  private var slots = Slots<RequestState>(minimumCapacity: 1_024)
  private var free = Slots<Int32>()
  /// What a slot holds before a request is written into it: copied, since making one anew would make it
  /// on the stack and copy it as well.
  private let fresh = RequestState()

  var capacity: Int { slots.count }

  /// A slot with a fresh state.
  mutating func insert() -> Int32 {
    if free.count > 0 {
      let slot = free.removeLast()
      slots[Int(slot)] = fresh
      return slot
    }
    slots.append(fresh)
    return Int32(slots.count - 1)
  }

  mutating func remove(_ slot: Int32) { free.append(slot) }

  /// Puts slots, at least one and mostly a few, into the order of their requests' records.
  func sortByRecord(_ list: inout Slots<Int32>) {
    guard list.count <= 32 else {
      let sorted = list.indices.map { list[$0] }.sorted {
        slots[Int($0)].out.record < slots[Int($1)].out.record
      }
      for (position, slot) in sorted.enumerated() { list[position] = slot }
      return
    }
    for position in 1..<list.count {
      let slot = list[position]
      let record = slots[Int(slot)].out.record
      var hole = position
      while hole > 0, record < slots[Int(list[hole - 1])].out.record {
        list[hole] = list[hole - 1]
        hole -= 1
      }
      list[hole] = slot
    }
  }

  subscript(slot: Int32) -> RequestState {
    @inline(__always) unsafeAddress { unsafe slots.address(of: Int(slot)) }
    @inline(__always) unsafeMutableAddress { unsafe slots.mutableAddress(of: Int(slot)) }
  }
}
