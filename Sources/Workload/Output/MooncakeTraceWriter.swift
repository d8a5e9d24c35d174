/// Writes a trace as Mooncake writes its own, one JSON object per line, with the sessions of AIPerf.
///
/// Places in the prefix trie become block ids, numbered from 0 as lines first name them. Lines stand
/// in the order of records, which need not be that of arrivals in a trace with sessions; such a trace
/// is held in memory, others are streamed.
enum MooncakeTraceWriter {
  /// - Returns: The number of rows.
  static func write(
    _ trace: some Trace,
    _ census: TraceCensus,
    dropping: Set<ExportItem>,
    to file: TextFileWriter
  ) throws -> Int {
    try file.expectRows(of: census)
    let contents = MooncakeLines.Contents(census, dropping: dropping)
    guard contents.sessions || contents.prefixes else {
      throw TraceWriteError(
        file: file.path,
        problem: "Mooncake traces without sessions have hash_ids on every line, and "
          + "\(trace.name) has no prefixes to make them of"
      )
    }
    var losses = ExportLosses(dropping)
    for item in ExportItem.allCases where !MooncakeLines.items.contains(item) {
      if let column = item.column, census.holds(column) { losses.note(item) }
    }
    var lines = MooncakeLines(contents, losses: losses, file: file.path)
    if census.isNumberedByPosition {
      let reader = try trace.makeReader()
      while let group = try reader.next() {
        try lines.use(reader.names, group.prefixes)
        for row in 0..<group.count { try lines.append(row, of: group) }
        try file.append(lines.takeText())
      }
    } else {
      try writeByRecord(InMemoryTrace(reading: trace), &lines, to: file)
    }
    try lines.losses.expectNone(file.path, TraceExport.mooncake.rawValue)
    try file.complete()
    return Int(census.rows)
  }

  private static func writeByRecord(
    _ trace: InMemoryTrace,
    _ lines: inout MooncakeLines,
    to file: TextFileWriter
  ) throws {
    var places: [(record: Int64, group: Int, row: Int)] = []
    for (index, group) in trace.groups.enumerated() {
      try lines.use(trace.names, group.prefixes)
      for row in 0..<group.count { places.append((group.record[row], index, row)) }
    }
    let byRecord = places.sorted { $0.record < $1.record }
    let isComplete = byRecord.enumerated().allSatisfy { Int64($0) == $1.record }
    if lines.contents.sessions, isComplete {
      places = byRecord
    } else {
      lines.losses.note(
        .record,
        isComplete ? "without sessions, lines stand in the order of arrival" : "lines count from 0"
      )
    }
    for (index, place) in places.enumerated() {
      try lines.append(place.row, of: trace.groups[place.group])
      if index % 4_096 == 0 { try file.append(lines.takeText()) }
    }
    try file.append(lines.takeText())
  }
}
