/// The first rows of a trace as a CSV table, with its own numbers of records, sessions and nodes.
public enum TraceTable {
  /// - Parameters:
  ///   - trace: Read as far as the rows go.
  ///   - rows: How many rows, at most.
  ///   - columns: Which columns, in this order; nil for those that the rows' groups have.
  /// - Returns: A header and a line per row.
  /// - Throws: What the trace's reader throws.
  public static func csv(
    of trace: some Trace,
    rows: Int,
    columns: [TraceColumn]? = nil
  ) throws(TraceError) -> [UInt8] {
    let reader = try trace.makeReader()
    var groups: [RowGroup] = []
    var left = rows
    while left > 0, var group = try reader.next() {
      group.truncate(to: left)
      left -= group.count
      groups.append(group)
    }
    // A trace without rows has the columns that every trace has, as an empty group has.
    let present = TraceColumn.allCases.filter { column in
      (groups + [RowGroup()]).contains { column.isPresent(in: $0) }
    }
    var lines = CSVRowText(columns ?? present)
    lines.use(reader.names)
    var text = lines.header
    for group in groups {
      for row in 0..<group.count { lines.append(row, of: group, position: row, to: &text) }
    }
    return text
  }
}
