import ArgumentParser
import Study
import Workload

/// How the text of a trace is read, by whatever command reads it.
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

  // Numbers take what follows as it stands, so that a sign is not read as another option's.
  @Option(
    parsing: .unconditional,
    help: .init(
      "How many sessions, or requests, start per second in a trace that does not say when they do.",
      valueName: "rate"
    )
  )
  var sessionsPerSecond: Double?

  @Option(
    help: .init(
      "What becomes of requests that failed, an error otherwise: keep (with a token) or drop.",
      valueName: "keep|drop"
    )
  )
  var failures: String?

  @Option(
    parsing: .unconditional,
    help: .init(
      "Characters that stand for a token in a trace of texts, 4 unless given.",
      valueName: "count"
    )
  )
  var charactersPerToken: Double?

  var reading: TraceReading {
    get throws(UsageError) {
      if let format, TraceFormat.named(format) == nil {
        throw UsageError(unknown: "format", format, known: TraceFormat.all.map(\.name))
      }
      return TraceReading(
        format: format,
        rounding: round,
        sessionsPerSecond: try OptionValue.positive(sessionsPerSecond, "--sessions-per-second"),
        failures: try failures.map { name throws(UsageError) in
          try OptionValue.choice(name, "choice of --failures")
        },
        charactersPerToken: try OptionValue.positive(charactersPerToken, "--characters-per-token")
          ?? TraceReading.defaultCharactersPerToken
      )
    }
  }
}
