import Workload

/// Reads text with the choices that some sources need, and what became of failed requests.
func readCounting(
  _ text: String,
  as format: TraceFormat? = nil,
  failures: FailurePolicy?,
  sessionsPerSecond: Double? = nil
) throws -> (trace: InMemoryTrace, failures: FailureCount?) {
  let folder = try TemporaryFolder()
  let file = TraceFile(
    path: try folder.file("trace", text.utf8),
    format: format,
    sessionsPerSecond: sessionsPerSecond,
    failures: failures
  )
  let reader = try file.makeReader()
  var groups: [RowGroup] = []
  while let group = try reader.next() { groups.append(group) }
  return (InMemoryTrace(name: "trace", names: reader.names, groups: groups), reader.failures)
}
