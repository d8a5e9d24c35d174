import ArgumentParser
import Hardware
import Study
import Workload

extension FidelityCommand {
  /// Replays a request log and prints how far it is from what was measured.
  func compare(log path: String, _ options: RequestLogOptions) throws {
    let profile = try Profile.named(profile)
    let inputs = [InputFile(what: "request log", path: path)]
    let outTarget = try out.map { try OutputTarget($0, flag: "--out") }
    let svgTarget = try svg.map { try OutputTarget($0, flag: "--svg") }
    try outTarget?.check(against: inputs)
    try svgTarget?.check(against: inputs)
    try svgTarget?.check(against: outTarget)
    let (log, deployment) = try options.read(path)
    if svg != nil, log.series.isEmpty {
      throw UsageError("--svg draws metrics over time, and no timeseries.csv lies beside \(path)")
    }
    let fidelity = try LogFidelity(log, on: deployment, profile: profile)
    if let outTarget {
      let file = try outTarget.create()
      try file.append(Array(fidelity.csv.utf8))
      try file.complete()
    }
    if let svgTarget, let picture = fidelity.svg {
      let file = try svgTarget.create()
      try file.append(Array(picture.utf8))
      try file.complete()
    }
    try StandardOutput.write(json ? fidelity.json.document : fidelity.text)
  }
}

/// A request log and what it was served on, for whatever command takes them.
struct RequestLogOptions: ParsableArguments {
  @Option(
    help: .init(
      """
      A log of served requests, JSON lines or CSV, with arrival, prompt_tokens, output_tokens, \
      first_token and last_token. Settings and metrics are read from meta.json and timeseries.csv \
      beside it.
      """,
      valueName: "log"
    ),
    completion: .file()
  )
  var requests: String?

  @Option(
    help: .init(
      "What was served, see 'replay models'; what meta.json says unless given.",
      valueName: "name"
    )
  )
  var model: String?

  @Option(help: .init("What it was served on, see 'replay chips'.", valueName: "name"))
  var chip: String?

  @Option(
    parsing: .unconditional,
    help: .init("Chips of the replica; tensor_parallel_size unless given.", valueName: "count")
  )
  var chips: Int?

  @Option(help: .init("Format of weights and KV: bf16, fp8 or fp4.", valueName: "format"))
  var precision: String?

  @Option(
    parsing: .unconditional,
    help: .init("Requests that run at once; max_num_seqs unless given.", valueName: "count")
  )
  var maxSequences: Int?

  @Option(
    parsing: .unconditional,
    help: .init(
      "Token budget of a step; max_num_batched_tokens unless given.",
      valueName: "tokens"
    )
  )
  var stepTokens: Int?

  @Option(
    parsing: .unconditional,
    help: .init(
      "Tokens that the KV memory holds; num_gpu_blocks × block_size unless given.",
      valueName: "tokens"
    )
  )
  var kvTokens: Int?

  /// The log and what it was served on, with the flags over what the log's folder says.
  func read(_ path: String) throws -> (log: RequestLog, deployment: LogDeployment) {
    guard let chip else { throw UsageError("--chip NAME is missing; see 'replay chips'") }
    let format = try precision.map { name in
      guard let format = LogDeployment.Format(rawValue: name) else {
        throw UsageError(
          unknown: "precision",
          name,
          known: LogDeployment.Format.allCases.map(\.rawValue)
        )
      }
      return format
    }
    let chips = try Self.whole(chips, "--chips", 1...4_096)
    var log = try RequestLog(path: path)
    if let count = try Self.whole(maxSequences, "--max-sequences", 1...1_048_576) {
      log.settings.maxSequences = count
    }
    if let tokens = try Self.whole(stepTokens, "--step-tokens", 1...100_000_000) {
      log.settings.maxBatchedTokens = tokens
    }
    var deployment = try LogDeployment(
      of: log,
      model: model,
      chip: chip,
      chips: chips,
      format: format
    )
    if let tokens = try Self.whole(kvTokens, "--kv-tokens", 1...1_000_000_000_000) {
      deployment.kvTokens = tokens
    }
    return (log, deployment)
  }

  private static func whole(
    _ value: Int?,
    _ flag: String,
    _ range: ClosedRange<Int>
  ) throws(UsageError) -> Int? {
    guard let value, !range.contains(value) else { return value }
    throw UsageError("\(flag) is \(value); expected \(range.lowerBound) to \(range.upperBound)")
  }
}
