/// The YAML header of a BLIS trace: a file of its own beside the CSV, or lines before the columns.
enum BLISHeader {
  /// What a line of a header is.
  enum Entry {
    /// A key that tells what the columns mean.
    case telling
    /// Another key, something inside one, an item of a list, a comment or nothing but dashes.
    case other
  }

  /// Checks the header file that belongs to a trace, if there is one: BLIS writes NAME.yaml and
  /// NAME.csv, its converters NAME_header.yaml and NAME_data.csv.
  ///
  /// A file of such a name that is no header, having none of the telling keys, does not matter.
  static func check(besides trace: String) throws(TraceError) {
    for path in paths(besides: trace) {
      do throws(TraceError) {
        try check(path)
      } catch {
        if error.kind != .noSuchFile { throw error }
      }
    }
  }

  /// What a line is; nil where it is none of a header's.
  static func entry(_ line: Span<UInt8>) throws(Fault) -> Entry? {
    var start = 0
    while start < line.count, line[start] == 0x20 { start += 1 }
    var colon = start
    while colon < line.count, line[colon] != UInt8(ascii: ":"), line[colon] != UInt8(ascii: ",") {
      colon += 1
    }
    let isOther =
      start == line.count || line[start] == UInt8(ascii: "-") || line[start] == UInt8(ascii: "#")
    guard colon < line.count, line[colon] == UInt8(ascii: ":") else {
      return isOther ? .other : nil
    }
    if start > 0 || isOther { return .other }
    let value = value(line, from: colon + 1)
    if line.spells("trace_version", 0..<colon) {
      if line.spells("2", value) { return .telling }
      throw Fault(at: value.lowerBound, "trace_version is \(line.quoted(value)); expected 2")
    }
    if line.spells("time_unit", 0..<colon) {
      if line.spells("microseconds", value) || line.spells("us", value) { return .telling }
      throw Fault(at: value.lowerBound, "time_unit is \(line.quoted(value)); expected microseconds")
    }
    return .other
  }

  /// What the header of a trace can be called.
  private static func paths(besides trace: String) -> [String] {
    var name = trace[...]
    for suffix in [".zst", ".gz"] where name.hasSuffix(suffix) { name.removeLast(suffix.count) }
    guard name.hasSuffix(".csv") else { return [] }
    name.removeLast(4)
    var names = [String(name)]
    for link in ["_", "-"] where name.hasSuffix("\(link)data") {
      names.append("\(name.dropLast(4))header")
    }
    return names.flatMap { ["\($0).yaml", "\($0).yml"] }
  }

  private static func check(_ path: String) throws(TraceError) {
    var lines = LineReader(try FileBytes(path: path))
    var isHeader = false
    var stray: TraceError?
    while let range = try lines.next() {
      do throws(Fault) {
        let found = try lines.withLine(range) { line throws(Fault) -> Entry? in
          try entry(line)
        }
        guard let found else { throw Fault(at: 0, "expected KEY: VALUE of a header") }
        isHeader = isHeader || found == .telling
      } catch {
        // What is wrong with the value of a telling key shows that the file has one.
        isHeader = isHeader || error.position > 0
        let (line, column) = lines.place(of: error.position, in: range)
        let problem = error.problem
        stray =
          stray
          ?? TraceError(.badData, file: path, line: line, column: column, problem: problem)
      }
    }
    if isHeader, let stray { throw stray }
  }

  /// A value, without quotes or a comment behind it.
  private static func value(_ line: Span<UInt8>, from start: Int) -> Range<Int> {
    var start = start
    while start < line.count, line[start] == 0x20 { start += 1 }
    var end = start
    while end < line.count, line[end] != UInt8(ascii: "#") { end += 1 }
    while end > start, line[end - 1] == 0x20 { end -= 1 }
    if end - start >= 2, line[start] == line[end - 1],
      line[start] == UInt8(ascii: "\"") || line[start] == UInt8(ascii: "'")
    {
      return start + 1..<end - 1
    }
    return start..<end
  }
}
