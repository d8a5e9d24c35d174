/// How long a client's requests are, period by period.
///
/// A token count and its cumulative share take 8 bytes, against some 20 in the file.
struct ServeGenLengths {
  struct Request {
    var input: Int32
    var output: Int32
    var reasoning: Int32
  }

  /// A distribution of token counts, or of shares in thousandths.
  private struct Distribution {
    var values = ContiguousArray<Int32>()
    /// In units of 2⁻³², each with those before it; the last is the largest there is.
    var cumulative = ContiguousArray<UInt32>()

    func draw(_ random: inout SplitMix64) -> Int32 {
      let target = UInt32(truncatingIfNeeded: random.next() >> 32)
      var (low, high) = (0, values.count - 1)
      while low < high {
        let middle = (low + high) / 2
        if cumulative[middle] < target { low = middle + 1 } else { high = middle }
      }
      return values[low]
    }
  }

  private struct Period {
    /// Seconds.
    var start: Double
    var input = Distribution()
    var output = Distribution()
    var reasoning = Distribution()
  }

  private enum Key: String, CaseIterable {
    case input = "input_tokens"
    case output = "output_tokens"
    case reasoning = "reason_ratio"
  }

  /// Those that have lengths, by start.
  private var periods: [Period] = []

  /// Reads a client's file of lengths; one that sends nothing needs none.
  init(_ client: ServeGenFiles.Client, isNeeded: Bool) throws(TraceError) {
    if !isNeeded { return }
    var objects: LineReader
    do throws(TraceError) {
      objects = LineReader(try plainBytes(of: FileBytes(path: client.dataset)))
    } catch {
      guard error.kind == .noSuchFile else { throw error }
      throw TraceError(
        .badData,
        file: client.trace,
        problem:
          "needs the lengths in \(client.dataset), which is not there; keep both in one folder"
      )
    }
    guard let range = try objects.nextObject() else {
      throw TraceError(.badData, file: client.dataset, problem: "is empty")
    }
    do throws(Fault) {
      periods = try objects.withLine(range) { text throws(Fault) in try Self.periods(text) }
    } catch {
      let (line, column) = objects.place(of: error.position, in: range)
      throw TraceError(
        .badData,
        file: client.dataset,
        line: line,
        column: column,
        problem: error.problem
      )
    }
    guard !periods.isEmpty else {
      throw TraceError(.badData, file: client.dataset, problem: "holds no lengths")
    }
    periods.sort { $0.start < $1.start }
  }

  /// Draws a request that is sent at a time: of the last period with lengths, or else the first one.
  func draw(at time: Double, _ random: inout SplitMix64) -> Request {
    var place = periods.count - 1
    while place > 0, periods[place].start > time { place -= 1 }
    let period = periods[place]
    let input = period.input.draw(&random)
    let output = period.output.draw(&random)
    let share = period.reasoning.values.isEmpty ? 0 : period.reasoning.draw(&random)
    return Request(
      input: input,
      output: output,
      reasoning: Int32(Int64(output) * Int64(share) / 1_000)
    )
  }

  private static func periods(_ text: Span<UInt8>) throws(Fault) -> [Period] {
    var periods: [Period] = []
    var keys = JSONKeys<Key>(passingOthers: true)
    var cursor = JSONCursor()
    try cursor.expect(UInt8(ascii: "{"), in: text)
    cursor.skipSpace(in: text)
    if cursor.take(UInt8(ascii: "}"), in: text) { return [] }
    repeat {
      let name = try cursor.key(in: text)
      var period = Period(start: try text.number(name, "start of a period", in: 0...3e9))
      try cursor.expect(UInt8(ascii: ":"), in: text)
      var key = try keys.first(&cursor, in: text, "a period")
      while let found = key {
        let literal = try cursor.string(in: text, found.rawValue)
        switch found {
        case .input: period.input = try tokens(literal, text, found)
        case .output: period.output = try tokens(literal, text, found)
        case .reasoning:
          period.reasoning = try distribution(literal, text, found, scale: 1_000, 0...1)
        }
        key = try keys.next(&cursor, in: text)
      }
      guard period.input.values.isEmpty == period.output.values.isEmpty else {
        throw Fault(
          at: name.lowerBound,
          "period has input_tokens or output_tokens alone; give both"
        )
      }
      if !period.input.values.isEmpty { periods.append(period) }
    } while try cursor.continues(until: UInt8(ascii: "}"), in: text)
    try cursor.expectEnd(in: text)
    return periods
  }

  private static func tokens(
    _ literal: Range<Int>,
    _ text: Span<UInt8>,
    _ key: Key
  ) throws(Fault) -> Distribution {
    try distribution(literal, text, key, scale: 1, 0...Double(Int32.max))
  }

  /// Reads a Python dictionary of values and their shares, such as `{45: 0.0096, 46: 1e-05}`.
  private static func distribution(
    _ literal: Range<Int>,
    _ text: Span<UInt8>,
    _ key: Key,
    scale: Double,
    _ bounds: ClosedRange<Double>
  ) throws(Fault) -> Distribution {
    let text = text.extracting(0..<literal.upperBound)
    var entries: [(value: Int32, share: Double)] = []
    var cursor = JSONCursor(at: literal.lowerBound)
    try cursor.expect(UInt8(ascii: "{"), in: text)
    cursor.skipSpace(in: text)
    if cursor.take(UInt8(ascii: "}"), in: text) { return Distribution() }
    repeat {
      cursor.skipSpace(in: text)
      var end = cursor.position
      while end < text.count, text[end] != UInt8(ascii: ":"), text[end] != 0x20 { end += 1 }
      let value = try text.number(cursor.position..<end, key.rawValue, in: bounds) * scale
      cursor = JSONCursor(at: end)
      try cursor.expect(UInt8(ascii: ":"), in: text)
      cursor.skipSpace(in: text)
      let range = cursor.position..<cursor.valueEnd(in: text)
      let share = try text.number(range, "share in \(key.rawValue)", in: 0...1e12)
      // A request has at least a token, and a share of 0 stays one.
      entries.append((Int32(scale == 1 ? max(1, value.rounded()) : value.rounded()), share))
      cursor = JSONCursor(at: range.upperBound)
    } while try cursor.continues(until: UInt8(ascii: "}"), in: text)
    try cursor.expectEnd(in: text)
    let total = entries.reduce(0) { $0 + $1.share }
    guard total > 0 else {
      throw Fault(at: literal.lowerBound, "shares in \(key.rawValue) sum to 0; expected more")
    }
    entries.sort { ($0.value, $0.share) < ($1.value, $1.share) }
    var result = Distribution()
    var sum = 0.0
    for entry in entries {
      sum += entry.share
      result.values.append(entry.value)
      result.cumulative.append(UInt32(min(sum / total * 0x1p32, 0x1p32 - 1)))
    }
    return result
  }
}

extension Span<UInt8> {
  /// Reads a decimal number, of as many digits as it has, within bounds.
  func number(
    _ range: Range<Int>,
    _ name: @autoclosure () -> String,
    in bounds: ClosedRange<Double>
  ) throws(Fault) -> Double {
    let isPlain = range.allSatisfy { position in
      switch self[position] {
      case 48...57, UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "-"),
        UInt8(ascii: "+"):
        true
      default: false
      }
    }
    guard isPlain, range.count <= 64, let value = text(CSVField(range: range)).flatMap(Double.init),
      bounds.contains(value)
    else {
      throw Fault(
        at: range.lowerBound,
        "\(name()) is \(quoted(range)); expected a number from \(bounds.lowerBound) to "
          + "\(bounds.upperBound)"
      )
    }
    return value
  }
}
