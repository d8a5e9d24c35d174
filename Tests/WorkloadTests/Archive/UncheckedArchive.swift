@testable import Workload

/// Writes groups as they are, each with names of its own, into a file that is sound but for what is
/// wrong with its rows.
func archive(
  unchecked groups: [(rows: RowGroup, names: TraceNames)],
  in folder: TemporaryFolder
) throws -> String {
  let path = folder.path("unchecked.replay.zst")
  let output = try OutputFile(path: path)
  let encoder = try FrameEncoder(level: 1, file: path)
  var header = ArchiveHeader(provenance: TraceProvenance())
  var digest = ContentDigest()
  var sessions: Set<Int32> = []
  for (rows, names) in groups {
    header.rows += Int64(rows.count)
    header.groups += 1
    header.span = max(header.span, rows.arrival.max() ?? 0)
    header.blockTokens = names.blockTokens
    sessions.formUnion(rows.session.filter { $0 >= 0 })
    digest.add(rows, names)
  }
  header.sessions = Int64(sessions.count)
  header.digest = digest.value
  let payload = header.payload(size: header.payloadBytes)
  var file: [UInt8] = []
  file.append(littleEndian: ArchiveFormat.headerMagic)
  file.append(littleEndian: UInt32(payload.count))
  file += payload
  var index: [ArchiveGroup] = []
  for (rows, names) in groups {
    let content = try RowGroupCodec.encode(rows, names: names)
    try encoder.encode(content)
    index.append(
      ArchiveGroup(
        offset: Int64(file.count),
        packedBytes: Int64(encoder.frame.count),
        plainBytes: Int64(content.count),
        firstRow: index.reduce(0) { $0 + Int64($1.rows) },
        rows: rows.count,
        start: rows.arrival[0],
        end: rows.arrival.max() ?? 0
      )
    )
    file += encoder.frame
  }
  file += ArchiveIndex.frame(index, header: payload)
  try output.append(file, count: file.count)
  try output.complete()
  return path
}

/// Rows of prompts of 600 tokens.
func group(
  _ records: Range<Int64>,
  at arrivals: [SimTime],
  sessions: [Int32] = []
) -> RowGroup {
  var group = RowGroup()
  group.record = ContiguousArray(records)
  group.arrival = ContiguousArray(arrivals)
  group.promptTokens = ContiguousArray(repeating: 600, count: records.count)
  group.outputTokens = ContiguousArray(repeating: 1, count: records.count)
  group.session = ContiguousArray(sessions)
  return group
}

func classNames(_ classes: String...) -> TraceNames {
  var names = TraceNames()
  names.classes = classes
  return names
}
