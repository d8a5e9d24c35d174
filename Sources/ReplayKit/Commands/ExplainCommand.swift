import ArgumentParser
import Hardware
import Policies
import Study
import Workload

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Say what a result is made of.",
    subcommands: [ExplainStepCommand.self]
  )
}

struct ExplainStepCommand: ReplayCommand {
  static let configuration = CommandConfiguration(
    commandName: "step",
    abstract: "Print the terms of a decode step, or of a prefill pass, and which of them binds.",
    discussion: """
      A term alone takes its own time; it adds less where another hides it, and what terms add is the \
      step. With both a batch and prompt tokens the pass runs beside the decode step, and the table \
      says what it adds to it. Under speculation terms are those of the verified step.
      """
  )

  @Option(help: .init("A fleet's name or file.", valueName: "fleet"))
  var fleet: String = Fleets.defaultName

  @Option(
    help: .init(
      "The pool; the first that decodes, or computes prompts, unless given.",
      valueName: "name"
    )
  )
  var pool: String?

  @Option(parsing: .unconditional, help: .init("Requests that decode.", valueName: "requests"))
  var batch: Int?

  @Option(
    parsing: .unconditional,
    help: .init(
      "Tokens of context of all of them together; a token each unless given.",
      valueName: "tokens"
    )
  )
  var context: Int?

  @Option(parsing: .unconditional, help: .init("New prompt tokens of a pass.", valueName: "tokens"))
  var prefill: Int?

  @Option(
    parsing: .unconditional,
    help: .init("Tokens of the same prompt computed before.", valueName: "tokens")
  )
  var past = 0

  @Flag(help: "Print JSON instead of tables: one object per part of the step.")
  var json = false

  private static let counts = 1...100_000_000

  func run(in registry: PolicyRegistry) throws {
    let works = try works
    let pools = try Fleets.resolve(fleet).pools
    let parts = try works.map { work in
      let pool = try chosen(pools, for: work)
      guard let part = StepExplanation(work, on: pool) else {
        throw UsageError("the step costs of pool '\(pool.name)' have no terms")
      }
      return part
    }
    if json {
      return try StandardOutput.write(JSONValue.array(parts.map(\.json)).document)
    }
    try StandardOutput.write(parts.map(\.text).joined(separator: "\n"))
  }

  /// The parts of the step that are asked for.
  private var works: [StepExplanation.Work] {
    get throws(UsageError) {
      for (name, value) in [("batch", batch), ("context", context), ("prefill", prefill)] {
        guard let value, !Self.counts.contains(value) else { continue }
        throw UsageError("--\(name) is \(value); expected 1 to \(Self.counts.upperBound)")
      }
      guard (0...Self.counts.upperBound).contains(past) else {
        throw UsageError("--past is \(past); expected 0 to \(Self.counts.upperBound)")
      }
      guard prefill != nil || past == 0 else {
        throw UsageError("--past is of a prompt's tokens; give --prefill as well")
      }
      var works: [StepExplanation.Work] = []
      if let batch {
        let context = context ?? batch
        guard context >= batch else {
          throw UsageError(
            "--context is \(context), less than a token of each of \(batch) requests; it counts the "
              + "tokens of all of them"
          )
        }
        works.append(.decode(batch: batch, contextTokens: context))
      } else if context != nil {
        throw UsageError("--context is of requests that decode; give --batch as well")
      }
      if let prefill {
        works.append(.prefill(tokens: prefill, past: past, decodeBatch: batch ?? 0))
      }
      guard !works.isEmpty else {
        throw UsageError("nothing to explain; give --batch, --prefill or both")
      }
      return works
    }
  }

  private func chosen(
    _ pools: [Pool],
    for work: StepExplanation.Work
  ) throws(UsageError) -> Pool {
    if let name = pool {
      guard let pool = pools.first(where: { $0.name == name }) else {
        throw UsageError(unknown: "pool", name, known: pools.map(\.name))
      }
      return pool
    }
    let wanted: Role =
      switch work {
      case .decode: .decode
      case .prefill: .prefill
      }
    // A step that does both is that of a mixed pool; of a decode pool it is what recomputing adds.
    let role = batch != nil && prefill != nil ? Role.decode : wanted
    guard let pool = pools.first(where: { $0.role == role || $0.role == .mixed }) else {
      throw UsageError("fleet '\(fleet)' has no pool that does this; give --pool")
    }
    return pool
  }
}
