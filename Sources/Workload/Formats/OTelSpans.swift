/// Numbers for names, in order of first appearance.
struct NameNumbers {
  private(set) var names: [String] = []
  private var numbers: [String: Int32] = [:]

  mutating func number(of name: String) -> Int32 {
    if let number = numbers[name] { return number }
    let number = Int32(names.count)
    names.append(name)
    numbers[name] = number
    return number
  }
}

/// What is kept of the spans of a file until its end: a span can come before its parent.
struct OTelSpans {
  enum Kind: UInt8 {
    /// A call of a model.
    case request
    case tool
    /// Whatever else has spans inside, such as an agent.
    case scope

    init(_ span: OTelSpan) {
      switch span.operation {
      case "chat", "text_completion", "generate_content": self = .request
      case "execute_tool": self = .tool
      case nil: self = span.input != nil || span.output != nil ? .request : .scope
      default: self = .scope
      }
    }
  }

  struct Span {
    var kind: Kind
    var isDropped = false
    /// Nanoseconds since 1970.
    var start: Int64
    var end: Int64
    var trace: Int32 = 0
    /// −1 for none.
    var conversation: Int32 = -1
    var id: Int32 = 0
    var parent: Int32 = -1
    var model: Int32 = 0
    var tool: Int32 = 0
    var input: Int32 = 0
    var output: Int32 = 0
    var maxTokens: Int32 = 0
    var reasoning: Int32 = 0
    /// Tokens of the input that a cache held.
    var cached: Int32 = 0

    init(kind: Kind, start: Int64, end: Int64) {
      self.kind = kind
      self.start = start
      self.end = end
    }
  }

  private(set) var all = ContiguousArray<Span>()
  /// By id; −1 for an id that is a parent's alone, as are those behind the end.
  private var spanOfId = ContiguousArray<Int32>()
  var traces = NameNumbers()
  var conversations = NameNumbers()
  var ids = NameNumbers()
  var hasCacheReads = false

  var count: Int { all.count }

  /// Adds a span and returns true, or returns false if another one has its id.
  mutating func append(_ span: Span) -> Bool {
    while spanOfId.count <= Int(span.id) { spanOfId.append(-1) }
    guard spanOfId[Int(span.id)] < 0 else { return false }
    spanOfId[Int(span.id)] = Int32(all.count)
    all.append(span)
    return true
  }

  /// The span with each id; −1 for an id that is a parent's alone.
  func spanById() -> ContiguousArray<Int32> {
    spanOfId + ContiguousArray(repeating: -1, count: ids.names.count - spanOfId.count)
  }

  /// The session of each span: its conversation, else that of its trace, else the trace.
  func sessions() -> ContiguousArray<Int32> {
    var ofTrace = ContiguousArray<Int32>(repeating: -1, count: traces.names.count)
    for span in all where span.conversation >= 0 && ofTrace[Int(span.trace)] < 0 {
      ofTrace[Int(span.trace)] = span.conversation
    }
    // Conversations first, then the traces of none.
    let firstTrace = Int32(conversations.names.count)
    return ContiguousArray(
      all.map { span in
        if span.conversation >= 0 { return span.conversation }
        let conversation = ofTrace[Int(span.trace)]
        return conversation >= 0 ? conversation : firstTrace + span.trace
      }
    )
  }
}
