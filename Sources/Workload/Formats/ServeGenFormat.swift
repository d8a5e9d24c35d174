extension TraceFormat {
  /// The clients of ServeGen: how fast each sends requests, window by window, and how long they are.
  ///
  /// Source: github.com/alibaba/ServeGen, data: `chunk-i-trace.csv` and `chunk-i-dataset.json` for each
  /// client i. Requests are drawn from them, always the same ones; see `traces/README.md`.
  public static let servegen = TraceFormat(
    name: "servegen",
    summary: "ServeGen clients, a folder of rates (CSV) and lengths (JSON), drawn as requests.",
    example: """
      0,0.035,0.762,Weibull,1.330,1.168
      600,0.02,1.5,Gamma,0.444,112.5
      1200,0,,,,
      1800,0.01,1,Gamma,1,100

      """,
    exampleName: "chunk-3-trace.csv",
    companions: [
      "chunk-3-dataset.json": """
      {"0": {"input_tokens": "{45: 0.25, 1200: 0.75}", "output_tokens": "{7: 1.0}",
             "reason_ratio": "{0.5: 1.0}"},
       "1200": {"input_tokens": "{}", "output_tokens": "{}"}}
      """
    ],
    matches: { head in
      let fields = head.split(separator: ",", omittingEmptySubsequences: false)
      return fields.count == 6 && ["Gamma", "Weibull", ""].contains(fields[3])
        && fields[..<2].allSatisfy { Double($0) != nil }
    },
    open: { lines, options throws(TraceError) in
      try ServeGenReader(ServeGenFiles(trace: lines.file), options)
    }
  )
}

/// The requests of all clients by time.
final class ServeGenReader: TraceReader {
  let provenance: TraceProvenance?
  let names: TraceNames
  private var clients: [ServeGenClient]
  /// Clients that have a request left: a binary heap, by the time of that.
  private var heap: [Head] = []
  private var record: Int64 = 0
  private var first: SimTime?

  /// The next request of a client.
  private struct Head {
    var time: SimTime
    var client: Int

    func isBefore(_ other: Head) -> Bool { (time, client) < (other.time, other.client) }
  }

  init(_ files: ServeGenFiles, _ options: ReadOptions) throws(TraceError) {
    if options.sessionsPerSecond != nil { throw ReadOptions.hasStartTimes(file: files.name) }
    var names = TraceNames()
    clients = []
    for file in files.clients {
      clients.append(try ServeGenClient(file))
      names.tenants.append("chunk-\(file.number)")
    }
    self.names = names
    provenance = TraceProvenance(
      source: files.name.split(separator: "/").last.map(String.init) ?? files.name,
      format: TraceFormat.servegen.name,
      note: "Requests are drawn from the clients' rates and lengths with seed 0."
    )
    for index in clients.indices {
      if let time = clients[index].nextTime { heap.append(Head(time: time, client: index)) }
    }
    guard !heap.isEmpty else {
      throw TraceError(.badData, file: files.name, problem: "holds no requests")
    }
    for index in heap.indices.reversed() { siftDown(index) }
  }

  func next() throws(TraceError) -> RowGroup? {
    if heap.isEmpty { return nil }
    var group = RowGroup()
    while group.count < RowGroup.preferredRows, let head = heap.first {
      let origin = first ?? head.time
      first = origin
      let lengths = clients[head.client].takeRequest()
      group.record.append(record)
      group.arrival.append(head.time - origin)
      group.promptTokens.append(lengths.input)
      group.outputTokens.append(lengths.output)
      group.reasoningTokens.append(lengths.reasoning)
      group.tenant.append(UInt16(head.client))
      record += 1
      if let time = clients[head.client].nextTime {
        heap[0].time = time
      } else {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
      }
      siftDown(0)
    }
    return group
  }

  private func siftDown(_ start: Int) {
    var index = start
    while true {
      var least = index
      for child in 2 * index + 1...2 * index + 2
      where child < heap.count && heap[child].isBefore(heap[least]) {
        least = child
      }
      if least == index { return }
      heap.swapAt(index, least)
      index = least
    }
  }
}
