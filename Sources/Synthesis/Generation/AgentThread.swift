import Workload

/// One agent at work: the main one of a session, or a sub-agent.
///
/// What its next request will be, and the streams that decide what follows; without references, so
/// that millions lie side by side.
struct AgentThread {
  /// Index of the session's plan in the recipe.
  var part: Int32
  var session: Int32
  /// Place of the session's main agent; of this one where it is that.
  var root: Int32
  /// Place of the agent that waits for this one; −1 for a main agent.
  var parent: Int32 = -1
  var window: Int32 = 0

  /// Microseconds at which the next request arrives.
  var time: Int64
  /// Number of the next request among those of the agent, earlier ones included, from 0.
  var step: Int32 = 0
  /// Requests to come, the next one included.
  var remaining: Int32
  /// Tokens of the next prompt.
  var context: Int32 = 0

  /// The shared prefix, and where the next prompt's path ends.
  var base = PrefixEnd()
  var node: Int32 = -1
  var nodeBlocks: Int32 = 0
  var depth: Int32 = 0

  /// The record that the next request waits for, −1 for none, and how long behind its completion.
  var parentRecord: Int64 = -1
  var delay: Int64 = 0
  var gapKind: GapKind = .none
  /// Index into the names of tools.
  var tool: UInt16 = 0

  var humanShare = 0.0
  var growthFactor = 1.0
  var usesAgents = false
  /// Sub-agents that have not ended, when the last of the others did, and the list of those.
  var working: Int32 = 0
  var lastEnd: Int64 = 0
  var firstEnded: Int32 = -1
  /// The next in the list of ended sub-agents of the same parent.
  var nextEnded: Int32 = -1

  var choices: SplitMix64
  var sizes: SplitMix64
  var outputs: SplitMix64
  var times: SplitMix64

  init(
    seed: UInt64,
    part: Int32,
    session: Int32,
    agent: Int32,
    root: Int32,
    time: Int64,
    requests: Int32
  ) {
    self.part = part
    self.session = session
    self.root = root
    self.time = time
    remaining = requests
    func stream(_ purpose: DrawPurpose) -> SplitMix64 {
      SplitMix64(seed: seed, purpose, session: UInt64(session), agent: UInt64(agent))
    }
    choices = stream(.choices)
    sizes = stream(.sizes)
    outputs = stream(.outputs)
    times = stream(.times)
  }
}

/// The agents at work, at places that are used again.
struct AgentThreads {
  private var threads = ContiguousArray<AgentThread>()
  /// By place of a main agent: its session's requests and agents so far.
  private(set) var turns = ContiguousArray<Int32>()
  private(set) var agents = ContiguousArray<Int32>()
  private var free = ContiguousArray<Int32>()

  subscript(place: Int32) -> AgentThread {
    _read { yield threads[Int(place)] }
    _modify { yield &threads[Int(place)] }
  }

  /// The place that the next agent gets.
  var nextPlace: Int32 { free.last ?? Int32(threads.count) }

  /// - Returns: The agent's place, which was `nextPlace`.
  mutating func add(_ thread: AgentThread) -> Int32 {
    guard let place = free.popLast() else {
      threads.append(thread)
      turns.append(0)
      agents.append(1)
      return Int32(threads.count - 1)
    }
    threads[Int(place)] = thread
    turns[Int(place)] = 0
    agents[Int(place)] = 1
    return place
  }

  mutating func remove(_ place: Int32) { free.append(place) }

  mutating func takeTurn(of root: Int32) -> Int32 {
    defer { turns[Int(root)] += 1 }
    return turns[Int(root)]
  }

  mutating func takeAgent(of root: Int32) -> Int32 {
    defer { agents[Int(root)] += 1 }
    return agents[Int(root)]
  }
}
