extension TraceFormat {
  /// AIPerf's mooncake_trace datasets: Mooncake's lines with sessions and delays.
  ///
  /// Source: github.com/ai-dynamo/aiperf. The keys are those of `mooncake`, which `traces/README.md`
  /// lists; a line needs no hash ids. A file whose first line has no time stamp has none at all.
  public static let aiperf = TraceFormat(
    name: "aiperf",
    summary: "AIPerf mooncake_trace datasets, JSON lines with sessions and delays in milliseconds.",
    example: """
      {"session_id": "s1", "timestamp": 0, "delay": 0, "input_length": 1300, "output_length": 96}
      {"session_id": "s2", "timestamp": 250, "input_length": 700, "output_length": 8}
      {"session_id": "s1", "delay": 1500, "input_length": 1500, "output_length": 40}

      """,
    matches: { line in
      MooncakeScanner.recognizes(line) && line.contains("\"session_id\"")
        && line.contains("\"delay") && !TraceFormat.dynamoAgentic.matches(line)
    },
    open: { lines, options throws(TraceError) in
      var lines = lines
      let first = String(decoding: try lines.peek() ?? [], as: UTF8.self)
      let isTimed = first.contains("\"timestamp\"") || first.contains("\"created_time\"")
      let scanner = MooncakeScanner(options, .aiperf, hasStartTimes: isTimed)
      return try LineTraceReader(lines, scanner, options)
    }
  )
}
