enum OTelDocumentKey: String, CaseIterable {
  case spans
  case traceId = "trace_id"
  case spanId = "span_id"
  case parentSpanId = "parent_span_id"
  case name
  case startTime = "start_time"
  case endTime = "end_time"
  case attributes
}

enum OTelAttribute: String, CaseIterable {
  case operation = "gen_ai.operation.name"
  case conversation = "gen_ai.conversation.id"
  case model = "gen_ai.request.model"
  case maxTokens = "gen_ai.request.max_tokens"
  case input = "gen_ai.usage.input_tokens"
  case prompt = "gen_ai.usage.prompt_tokens"
  case output = "gen_ai.usage.output_tokens"
  case completion = "gen_ai.usage.completion_tokens"
  case cacheRead = "gen_ai.usage.cache_read.input_tokens"
  case reasoning = "gen_ai.usage.reasoning.output_tokens"
  case tool = "gen_ai.tool.name"
}

private enum AttributeEntryKey: String, CaseIterable {
  case key, value
}

private enum AttributeValueKey: String, CaseIterable {
  case string = "stringValue"
  case whole = "intValue"
}

/// A span, or a document of spans, as it is scanned.
struct OTelSpan {
  var traceId: String?
  var spanId: String?
  var parentId: String?
  var name = ""
  /// Nanoseconds since 1970.
  var start: Int64?
  var end: Int64?
  /// Where the start time stands, and its text.
  var startText = 0..<0
  var operation: String?
  var conversation: String?
  var model = ""
  var tool = ""
  /// Token counts by attribute.
  var tokens: [OTelAttribute: Int64] = [:]
  /// Where the spans of a document begin; nil for a span.
  var spans: Int?

  /// Tokens under the name of today or that of yesterday.
  var input: Int64? { tokens[.input] ?? tokens[.prompt] }
  var output: Int64? { tokens[.output] ?? tokens[.completion] }
}

/// Scans spans; keys and attributes that say nothing of a request are passed over.
struct OTelFields {
  private var keys = JSONKeys<OTelDocumentKey>(passingOthers: true)
  private var attributes = JSONKeys<OTelAttribute>(passingOthers: true)
  private var entries = JSONKeys<AttributeEntryKey>(passingOthers: true)
  private var values = JSONKeys<AttributeValueKey>(passingOthers: true)
  private let options: ReadOptions

  init(_ options: ReadOptions) { self.options = options }

  mutating func scan(
    _ cursor: inout JSONCursor,
    in text: Span<UInt8>
  ) throws(Fault) -> OTelSpan {
    var span = OTelSpan()
    var key = try keys.first(&cursor, in: text)
    while let found = key {
      let name = found.rawValue
      switch found {
      case .spans:
        span.spans = cursor.position
        try cursor.skipBrackets(in: text, name)
      case .traceId: span.traceId = try cursor.optionalString(in: text, name)
      case .spanId: span.spanId = try cursor.optionalString(in: text, name)
      case .parentSpanId:
        let parent = try cursor.optionalString(in: text, name)
        span.parentId = parent == "" ? nil : parent
      case .name: span.name = try cursor.optionalString(in: text, name) ?? ""
      case .startTime:
        span.startText = try cursor.string(in: text, name)
        span.start = try text.civilTime(span.startText, name, options)
      case .endTime:
        span.end = try text.civilTime(try cursor.string(in: text, name), name, options)
      case .attributes: try scanAttributes(&cursor, text, into: &span)
      }
      key = try keys.next(&cursor, in: text)
    }
    return span
  }

  /// Scans an object of attributes, or OTLP's list of keys and values.
  private mutating func scanAttributes(
    _ cursor: inout JSONCursor,
    _ text: Span<UInt8>,
    into span: inout OTelSpan
  ) throws(Fault) {
    if cursor.takeNull(in: text) { return }
    guard cursor.position < text.count, text[cursor.position] == UInt8(ascii: "[") else {
      var key = try attributes.first(&cursor, in: text, "attributes")
      while let found = key {
        try scanValue(of: found, &cursor, text, into: &span)
        key = try attributes.next(&cursor, in: text)
      }
      return
    }
    guard try cursor.enterArray(in: text, "attributes") else { return }
    repeat {
      var (name, value): (Range<Int>?, Int?) = (nil, nil)
      var key = try entries.first(&cursor, in: text, "an item of attributes")
      while let found = key {
        switch found {
        case .key: name = try cursor.string(in: text, "key")
        case .value:
          value = cursor.position
          try cursor.skipValue(in: text, "value")
        }
        key = try entries.next(&cursor, in: text)
      }
      guard let name, let value else {
        throw Fault(at: cursor.position, "attribute lacks its key or value")
      }
      if let found = OTelAttribute(rawValue: text.text(CSVField(range: name)) ?? "") {
        var inner = JSONCursor(at: value)
        try scanTyped(found, &inner, text, into: &span)
      }
    } while try cursor.nextElement(in: text)
  }

  /// Scans `{"stringValue": "x"}` or `{"intValue": "5"}`.
  private mutating func scanTyped(
    _ attribute: OTelAttribute,
    _ cursor: inout JSONCursor,
    _ text: Span<UInt8>,
    into span: inout OTelSpan
  ) throws(Fault) {
    let position = cursor.position
    var isFound = false
    var key = try values.first(&cursor, in: text, attribute.rawValue)
    while key != nil {
      try scanValue(of: attribute, &cursor, text, into: &span)
      isFound = true
      key = try values.next(&cursor, in: text)
    }
    if !isFound {
      throw Fault(
        at: position,
        "\(attribute.rawValue) has no stringValue or intValue; expected one of them"
      )
    }
  }

  private func scanValue(
    of attribute: OTelAttribute,
    _ cursor: inout JSONCursor,
    _ text: Span<UInt8>,
    into span: inout OTelSpan
  ) throws(Fault) {
    let name = attribute.rawValue
    switch attribute {
    case .operation: span.operation = try cursor.optionalString(in: text, name)
    case .conversation: span.conversation = try cursor.optionalString(in: text, name)
    case .model: span.model = try cursor.optionalString(in: text, name) ?? ""
    case .tool: span.tool = try cursor.optionalString(in: text, name) ?? ""
    case .maxTokens, .input, .prompt, .output, .completion, .cacheRead, .reasoning:
      if cursor.takeNull(in: text) { return }
      let bounds = 0...Int64(Int32.max)
      guard cursor.position < text.count, text[cursor.position] == UInt8(ascii: "\"") else {
        span.tokens[attribute] = try cursor.whole(in: text, name, bounds)
        return
      }
      // OTLP writes 64-bit numbers as strings.
      span.tokens[attribute] = try text.whole(try cursor.string(in: text, name), name, in: bounds)
    }
  }
}

extension JSONCursor {
  /// Reads a string as the text that it stands for, or `null` as nil.
  fileprivate mutating func optionalString(
    in text: Span<UInt8>,
    _ name: @autoclosure () -> String
  ) throws(Fault) -> String? {
    takeNull(in: text) ? nil : try decodedString(in: text, name())
  }
}
