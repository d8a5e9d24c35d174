extension TraceFormat {
  /// TraceLab's traces of coding agents: its replay files, CSV, and its dataset, JSON lines.
  ///
  /// Source: github.com/uw-syfi/TraceLab, replay/examples and example_sessions. How rounds share
  /// prefixes and wait for each other is described in `traces/README.md`.
  public static let traceLab = TraceFormat(
    name: "tracelab",
    summary: "TraceLab sessions: replay CSV with milliseconds, or JSON lines of rounds.",
    example: """
      session_id,arrival_time,round_idx,prefix_len,input_len,output_len,tool_wait_after_ms
      0,0,0,0,512,64,100
      1,200,0,0,400,48,80
      0,0,1,576,128,64,0
      1,200,1,448,100,48,0

      """,
    matches: { line in
      line.contains("{")
        ? line.contains("\"newly_append_tokens\"") || line.contains("\"round_index\"")
        : line.contains("tool_wait_after_ms") || line.contains("round_idx")
    },
    open: { lines, options throws(TraceError) in
      var lines = lines
      let first = try lines.peek()
      if first?.first == UInt8(ascii: "{") {
        return try LineTraceReader(lines, TraceLabRoundScanner(options), options)
      }
      return try LineTraceReader(lines, TraceLabReplayScanner(options), options)
    }
  )
}
