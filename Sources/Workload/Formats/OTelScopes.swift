/// The requests and tools of every scope, by when they can be seen to have ended.
struct OTelScopes {
  private let spans: OTelSpans
  private let sessions: ContiguousArray<Int32>
  private let spanById: ContiguousArray<Int32>
  /// By id: the scope of spans below it; −1 for the session itself and −2 where that is not known yet.
  private var scopeBelow: ContiguousArray<Int32>
  private var lists: [ScopeKey: Ended] = [:]

  /// A scope, by id, as far as one session goes; −1 is the session's own.
  private struct ScopeKey: Hashable {
    var scope: Int32
    var session: Int32
  }

  /// Spans that have ended, in the order in which that shows.
  fileprivate struct Ended {
    var requests = ContiguousArray<Item>()
    /// The latest start among the requests up to each.
    var latestStart = ContiguousArray<Int64>()
    var tools = ContiguousArray<Item>()
  }

  fileprivate struct Item: Comparable {
    /// When the span and the scopes that hide it have ended.
    var visible: Int64
    var start: Int64
    var span: Int32

    static func < (a: Item, b: Item) -> Bool {
      (a.visible, a.start, a.span) < (b.visible, b.start, b.span)
    }
  }

  /// Real traces nest a dozen levels.
  private static let deepest = 256

  init(_ spans: OTelSpans, _ sessions: ContiguousArray<Int32>) throws(Fault) {
    self.spans = spans
    self.sessions = sessions
    spanById = spans.spanById()
    scopeBelow = ContiguousArray(repeating: -2, count: spanById.count)
    for id in scopeBelow.indices { try findScope(below: Int32(id)) }
    for index in spans.all.indices where spans.all[index].kind != .scope { try list(index) }
    // Each list is sorted by itself: their order does not matter.
    for key in lists.keys {
      guard var list = lists[key] else { continue }
      list.requests.sort()
      list.tools.sort()
      var latest = Int64.min
      for item in list.requests {
        latest = max(latest, item.start)
        list.latestStart.append(latest)
      }
      lists[key] = list
    }
  }

  /// The requests that a request waits for, and the tool that ended last since; −1 for none.
  func before(_ index: Int) -> (requests: [Int32], tool: Int32) {
    let span = spans.all[index]
    // Among spans without a duration, at one moment, the one of the earlier line comes first.
    let now = Item(visible: span.start, start: span.start, span: Int32(index))
    var scope = below(span.parent)
    while true {
      if let list = lists[ScopeKey(scope: scope, session: sessions[index])] {
        let requests = list.requests(before: now, spans)
        if !requests.isEmpty {
          let end = requests.map { spans.all[Int($0)].end }.max() ?? .min
          return (requests, list.tool(from: end, before: now, spans))
        }
      }
      if scope < 0 { return ([], -1) }
      scope = around(scope)
    }
  }

  /// The scope of spans whose parent is this id.
  private func below(_ parent: Int32) -> Int32 { parent < 0 ? -1 : scopeBelow[Int(parent)] }

  /// The scope in which another one lies.
  private func around(_ scope: Int32) -> Int32 {
    let span = spanById[Int(scope)]
    return span < 0 ? -1 : below(spans.all[Int(span)].parent)
  }

  /// Walks up from an id through requests to the first span that is none.
  private mutating func findScope(below start: Int32) throws(Fault) {
    var path: [Int32] = []
    var id = start
    var scope: Int32 = -1
    while id >= 0 {
      if scopeBelow[Int(id)] == -3 { throw Fault(at: 0, "spans are above each other in a circle") }
      if scopeBelow[Int(id)] >= -1 {
        scope = scopeBelow[Int(id)]
        break
      }
      let span = spanById[Int(id)]
      guard span >= 0, spans.all[Int(span)].kind == .request else {
        scope = id
        scopeBelow[Int(id)] = id
        break
      }
      scopeBelow[Int(id)] = -3
      path.append(id)
      id = spans.all[Int(span)].parent
    }
    for id in path { scopeBelow[Int(id)] = scope }
  }

  /// Lists a request or tool in its scope and those around it, up to the session.
  private mutating func list(_ index: Int) throws(Fault) {
    let span = spans.all[index]
    var item = Item(visible: span.end, start: span.start, span: Int32(index))
    var scope = below(span.parent)
    for _ in 0..<Self.deepest {
      let key = ScopeKey(scope: scope, session: sessions[index])
      if span.kind == .tool {
        lists[key, default: Ended()].tools.append(item)
      } else {
        lists[key, default: Ended()].requests.append(item)
      }
      if scope < 0 { return }
      let holder = spanById[Int(scope)]
      if holder >= 0 { item.visible = max(item.visible, spans.all[Int(holder)].end) }
      scope = around(scope)
    }
    throw Fault(
      at: 0,
      "span '\(name(of: span))' lies in more than \(Self.deepest) others, or in a circle of them"
    )
  }

  private func name(of span: OTelSpans.Span) -> String {
    let id = spans.ids.names[Int(span.id)]
    return id.split(separator: "\u{0}").last.map(String.init) ?? id
  }
}

extension OTelScopes.Ended {
  /// Those that ended before a moment, but for those that ended before another of them started.
  fileprivate func requests(before now: OTelScopes.Item, _ spans: OTelSpans) -> [Int32] {
    var place = requests.partitioningIndex { !($0 < now) }
    guard place > 0 else { return [] }
    let start = latestStart[place - 1]
    var found: [Int32] = []
    while place > 0, requests[place - 1].visible >= start {
      place -= 1
      let item = requests[place]
      if item.start == start || spans.all[Int(item.span)].end > start { found.append(item.span) }
    }
    return found.reversed()
  }

  /// The tool that ended last before a moment, and not before `end`.
  fileprivate func tool(
    from end: Int64,
    before now: OTelScopes.Item,
    _ spans: OTelSpans
  ) -> Int32 {
    let place = tools.partitioningIndex { $0.visible > now.visible }
    guard place > 0, tools[place - 1].visible >= end else { return -1 }
    return tools[place - 1].span
  }
}

extension ContiguousArray {
  /// The first place from which on a condition holds, which holds nowhere before.
  fileprivate func partitioningIndex(where holds: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
