import ArgumentParser
import Policies
import Workload

struct SynthesizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "synthesize",
    abstract: "Write a synthetic trace.",
    subcommands: [SynthesizeChatCommand.self]
  )
}

struct SynthesizeChatCommand: ReplayCommand {
  static let configuration = CommandConfiguration(
    commandName: "chat",
    abstract: "Independent chat requests: Gamma inter-arrival times, lognormal lengths."
  )

  @Option(parsing: .unconditional, help: "How many requests.")
  var requests: Int

  @Option(
    parsing: .unconditional,
    help: "The seed; equal seeds give equal traces on every machine."
  )
  var seed: UInt64

  @Option(parsing: .unconditional, help: "Mean requests per second, up to 1,000,000.")
  var rate: Double = ChatGenerator().requestsPerSecond

  @Argument(help: "The file to write: a name in .replay.zst, .csv or .csv.zst.")
  var out: String

  func run(in registry: PolicyRegistry) throws {
    guard requests >= 1 else {
      throw UsageError("--requests is \(requests); expected at least 1")
    }
    guard rate > 0, rate <= 1_000_000 else {
      throw UsageError("--rate is \(rate); expected above 0, up to 1,000,000")
    }
    let output = try TraceOutput(out, besides: [])
    var generator = ChatGenerator()
    generator.requests = requests
    generator.seed = seed
    generator.requestsPerSecond = rate
    let provenance = TraceProvenance(
      source: "replay synthesize chat --requests \(requests) --seed \(seed) --rate \(rate)",
      format: "synthetic",
      licence: "Apache-2.0"
    )
    try output.write(generator, provenance: provenance)
  }
}
