import Workload

/// What a session has come to so far. (Top level: see `Link`.)
struct SessionTally {
  /// Its number in the trace; −1 where that is a request by itself.
  var number: Int32 = -1
  var requests: Int32 = 0
  var offered: Int32 = 0
  var ended: Int32 = 0
  var completed: Int32 = 0
  var promptTokens: Int64 = 0
  var hitTokens: Int64 = 0
  var outputTokens: Int64 = 0
  var retainedByteTime: Int128 = 0
  /// What its time up to the last end of a request went into.
  var path = SessionPath()
  /// The last of its requests that the run left unfinished, by position; −1 for none.
  var lastOpen = -1
  /// `failed` if a request of it failed, `rejected` if one was at most rejected.
  var failure: Outcome?
}

extension SessionTally {
  /// Counts a request that has left the engine.
  mutating func add(_ request: borrowing RequestRecord) {
    promptTokens += Int64(request.promptTokens)
    hitTokens += Int64(max(0, request.hitTokens))
    outputTokens += Int64(request.emittedTokens)
  }
}

/// What the time before each turn went into, for the turns that are waited for or under way.
struct TurnPaths {
  private var entry: ContiguousArray<Int32> = []
  private var known: ContiguousArray<Known> = []
  private var free: ContiguousArray<Int32> = []

  private struct Known {
    var path = SessionPath()
    /// When the last completed that the turn waited for; −1 for none.
    var lastCompletion: SimTime = -1
  }

  /// Paths of nothing.
  init() {}

  init(count: Int) { entry = ContiguousArray(repeating: -1, count: count) }

  func isKnown(_ position: Int) -> Bool { entry[position] >= 0 }

  subscript(position: Int) -> SessionPath {
    entry[position] < 0 ? SessionPath() : known[Int(entry[position])].path
  }

  mutating func set(_ position: Int, _ path: SessionPath) {
    makeKnown(position)
    known[Int(entry[position])].path = path
  }

  mutating func note(completionAt time: SimTime, before position: Int) {
    makeKnown(position)
    known[Int(entry[position])].lastCompletion = time
  }

  func lastCompletion(before position: Int) -> SimTime {
    entry[position] < 0 ? -1 : known[Int(entry[position])].lastCompletion
  }

  /// A turn arrives; one that waited for nothing was recorded to come so long after its session's
  /// start.
  mutating func arrive(_ position: Int, after sessionStart: SimTime) {
    guard !isKnown(position) else { return }
    var path = SessionPath()
    path.otherGap = sessionStart
    set(position, path)
  }

  /// A turn has ended.
  mutating func forget(_ position: Int) {
    guard entry[position] >= 0 else { return }
    free.append(entry[position])
    entry[position] = -1
  }

  private mutating func makeKnown(_ position: Int) {
    guard entry[position] < 0 else { return }
    if let index = free.popLast() {
      known[Int(index)] = Known()
      entry[position] = index
    } else {
      entry[position] = Int32(known.count)
      known.append(Known())
    }
  }
}
