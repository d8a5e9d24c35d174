/// What prompts consist of, in the order in which it stands in them.
enum RAGPulseComponent: String, CaseIterable {
  case systemPrompt = "sys_prompt"
  case passages = "passages_ids"
  case history
  case webSearch = "web_search"
  case userInput = "user_input"

  var index: Int {
    switch self {
    case .systemPrompt: 0
    case .passages: 1
    case .history: 2
    case .webSearch: 3
    case .userInput: 4
    }
  }

  /// The file with the lengths, in the folder of the trace.
  var file: String {
    switch self {
    case .systemPrompt: "1_sys_prompt.jsonl"
    case .passages: "2_passages.jsonl"
    case .history: "3_history.jsonl"
    case .userInput: "4_user_input.jsonl"
    case .webSearch: "5_web_search.jsonl"
    }
  }

  fileprivate var key: ComponentKey {
    switch self {
    case .systemPrompt: .systemPrompt
    case .passages: .passage
    case .history: .history
    case .webSearch: .webSearch
    case .userInput: .userInput
    }
  }
}

private enum ComponentKey: String, CaseIterable {
  case systemPrompt = "sys_prompt_id"
  case passage = "passage_id"
  case history = "history_id"
  case webSearch = "web_search_id"
  case userInput = "user_input_id"
  case tokens = "token_length"
}

/// How many tokens each component has.
struct RAGPulseComponents {
  private var tokens: [[Int64: Int32]] = []

  /// Reads the files beside a trace.
  init(besides trace: String) throws(TraceError) {
    let folder = trace.lastIndex(of: "/").map { String(trace[...$0]) } ?? ""
    for component in RAGPulseComponent.allCases {
      let path = folder + component.file
      do throws(TraceError) {
        tokens.append(try Self.lengths(path, component.key))
      } catch {
        guard error.kind == .noSuchFile else { throw error }
        throw TraceError(
          .badData,
          file: trace,
          problem:
            "needs the token lengths of \(component.rawValue) in \(path), which is not there; "
            + "keep the files of RAGPulse in one folder"
        )
      }
    }
  }

  func tokens(of id: Int64, _ component: RAGPulseComponent) -> Int32? {
    tokens[component.index][id]
  }

  private static func lengths(
    _ path: String,
    _ key: ComponentKey
  ) throws(TraceError) -> [Int64: Int32] {
    var lines = LineReader(try plainBytes(of: FileBytes(path: path)))
    var lengths: [Int64: Int32] = [:]
    var keys = JSONKeys<ComponentKey>()
    while let range = try lines.nextObject() {
      do throws(Fault) {
        let (id, length) = try lines.withLine(range) { line throws(Fault) in
          try scan(line, key, &keys)
        }
        if lengths.updateValue(length, forKey: id) != nil {
          throw Fault(at: 0, "\(key.rawValue) \(id) appears twice; keep one")
        }
      } catch {
        let (line, column) = lines.place(of: error.position, in: range)
        throw TraceError(.badData, file: path, line: line, column: column, problem: error.problem)
      }
    }
    return lengths
  }

  private static func scan(
    _ line: Span<UInt8>,
    _ key: ComponentKey,
    _ keys: inout JSONKeys<ComponentKey>
  ) throws(Fault) -> (id: Int64, tokens: Int32) {
    var (id, tokens): (Int64, Int64) = (0, 0)
    var cursor = JSONCursor()
    var next = try keys.first(&cursor, in: line)
    while let found = next {
      switch found {
      case key: id = try cursor.whole(in: line, found.rawValue, 0...Int64.max)
      case .tokens: tokens = try cursor.whole(in: line, found.rawValue, 0...Int64(Int32.max))
      default: throw Fault(at: cursor.position, "\(found.rawValue) is of another file of the trace")
      }
      next = try keys.next(&cursor, in: line)
    }
    try cursor.expectEnd(in: line)
    try keys.require(key, at: line.count)
    try keys.require(.tokens, at: line.count)
    return (id, Int32(tokens))
  }
}
