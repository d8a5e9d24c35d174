/// What each request among a file's spans waits for, concluded from times and scopes.
///
/// A request's scope is the nearest span above it that is not a request itself; spans of no such one
/// share their session's. In its scope a request waits for those that ended before it started, but
/// not for those that another one of them waited for; a scope inside counts as ended when it is,
/// with all that it holds. Where nothing has ended in the scope yet, the scope around it is asked.
struct OTelTurns {
  struct Turn {
    var span: Int32
    var session: Int32
    var turn: Int32 = 0
    var gap = GapKind.none
    /// The span of the tool that ran last in the gap; −1 for none.
    var tool: Int32 = -1
    var waits = TurnWaits()
    /// Place of the request that ended last of those waited for; −1 for none.
    var parent: Int32 = -1
    /// Blocks that the prompt shares with that one's context, and the first id of the others.
    var sharedBlocks: Int32 = 0
    var firstBlock: Int64 = 0
  }

  /// The requests that were not left out, in the order of the file.
  private(set) var bySource = ContiguousArray<Turn>()
  private let spans: OTelSpans

  /// How many edges there may be, so that memory goes with the file: a thousand requests side by side
  /// behind a thousand others are a million edges, where recorded agents have about one per request.
  private static func mostEdges(ofSpans count: Int) -> Int { max(1 << 20, 16 * count) }

  init(_ spans: OTelSpans) throws(Fault) {
    self.spans = spans
    let sessions = spans.sessions()
    let scopes = try OTelScopes(spans, sessions)
    // A request that is left out stands for what it waited for.
    var anchors = ContiguousArray<TurnWaits>(repeating: TurnWaits(), count: spans.count)
    var places = ContiguousArray<Int32>(repeating: -1, count: spans.count)
    number(sessions, &places)
    let requests = spans.all.indices.filter { spans.all[$0].kind == .request }
    let order = requests.sorted { (spans.all[$0].start, $0) < (spans.all[$1].start, $1) }
    var turnsOfSession = ContiguousArray<Int32>(repeating: 0, count: bySource.count)
    var nextBlock: Int64 = 0
    var edges = 0
    let most = Self.mostEdges(ofSpans: spans.count)
    for index in order {
      let span = spans.all[index]
      let found = scopes.before(index)
      let parents = try found.requests.map { parent throws(Fault) in
        try anchors[Int(parent)].later(by: span.start - spans.all[Int(parent)].end, at: 0)
      }
      let waits = TurnWaits(all: parents)
      edges += waits.count
      guard edges <= most else {
        throw Fault(
          at: 0,
          "requests wait for more than \(most) others in all, since too many spans run side by side; "
            + "cut the file"
        )
      }
      guard places[index] >= 0 else {
        anchors[index] = waits
        continue
      }
      var turn = bySource[Int(places[index])]
      anchors[index] = TurnWaits(completionOf: Int64(places[index]))
      turn.turn = turnsOfSession[Int(turn.session)]
      turnsOfSession[Int(turn.session)] += 1
      turn.waits = waits
      turn.tool = found.tool
      if let last = found.requests.max(by: { spans.all[Int($0)].end < spans.all[Int($1)].end }) {
        turn.parent = places[Int(last)]
        let isOtherTrace = spans.all[Int(last)].trace != span.trace
        turn.gap = turn.tool >= 0 ? .tool : isOtherTrace ? .human : .none
      }
      share(&turn, span, &nextBlock)
      bySource[Int(places[index])] = turn
    }
  }

  /// Finds the rows and numbers their sessions in the order of the file.
  private mutating func number(
    _ sessions: ContiguousArray<Int32>,
    _ places: inout ContiguousArray<Int32>
  ) {
    var numbers: [Int32: Int32] = [:]
    for index in spans.all.indices
    where spans.all[index].kind == .request && !spans.all[index].isDropped {
      let number = numbers[sessions[index]] ?? Int32(numbers.count)
      numbers[sessions[index]] = number
      places[index] = Int32(bySource.count)
      bySource.append(Turn(span: Int32(index), session: number))
    }
  }

  /// Decides which of a prompt's blocks are those of the turn before.
  private func share(_ turn: inout Turn, _ span: OTelSpans.Span, _ nextBlock: inout Int64) {
    guard spans.hasCacheReads else { return }
    let size = Int32(BlockNamer.blockTokens)
    if turn.parent >= 0 {
      let parent = spans.all[Int(bySource[Int(turn.parent)].span)]
      turn.sharedBlocks = min(span.cached / size, Self.contextBlocks(of: parent))
    }
    turn.firstBlock = nextBlock
    nextBlock += Int64(max(0, Self.contextBlocks(of: span) - turn.sharedBlocks))
  }

  /// Full blocks of a request's prompt and output.
  private static func contextBlocks(of span: OTelSpans.Span) -> Int32 {
    Int32((Int64(span.input) + Int64(span.output)) / Int64(BlockNamer.blockTokens))
  }

  /// The full blocks of a turn's prompt.
  func path(of turn: Turn) -> ContiguousArray<BlockRun> {
    var runs = ContiguousArray<BlockRun>()
    var end = spans.all[Int(turn.span)].input / Int32(BlockNamer.blockTokens)
    var next = turn
    while end > 0 {
      if end > next.sharedBlocks {
        runs.append(BlockRun(first: next.firstBlock, count: end - next.sharedBlocks))
        end = next.sharedBlocks
      }
      guard next.parent >= 0 else { break }
      next = bySource[Int(next.parent)]
    }
    runs.reverse()
    return runs
  }
}
