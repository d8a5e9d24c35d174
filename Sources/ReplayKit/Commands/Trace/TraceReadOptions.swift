import ArgumentParser

/// How the text of a trace is read.
struct TraceReadOptions: ParsableArguments {
  @Option(
    help: .init(
      "The trace's format; found from its content unless given. See 'replay formats'.",
      valueName: "name"
    )
  )
  var format: String?

  @Flag(help: "Round times that are finer than a nanosecond, which is an error otherwise.")
  var round = false

  @Option(
    parsing: .unconditional,
    help: .init(
      "How many requests start per second in a trace that does not say when they do.",
      valueName: "rate"
    )
  )
  var sessionsPerSecond: Double?
}
