/// Measured times of prompts and decode steps of one model on one kind of instance, for
/// ``TableCosts``.
///
/// Times are medians over repetitions, and linear between measured sizes. Rows measure prompts of one
/// size alone and in batches, and the mean time between the tokens that follow.
public struct StepTable: Sendable, Equatable {
  /// Which rows of a file make up a table.
  public struct Selection: Sendable, Equatable {
    /// As the file calls them.
    public var model: String
    public var hardware: String
    /// Chips of the instance.
    public var tensorParallel: Int

    public init(model: String, hardware: String, tensorParallel: Int) {
      self.model = model
      self.hardware = hardware
      self.tensorParallel = tensorParallel
    }
  }

  /// One measurement.
  struct Row: Sendable, Equatable {
    var promptTokens: Int
    var batch: Int
    var outputTokens: Int
    /// In seconds: of all prompts of the batch, and between two tokens after it.
    var promptTime: Double
    var tokenTime: Double
    /// Shares of the design power; 0 where nobody read them.
    var peakPower: Double
    var averagePower: Double
  }

  /// Seconds of one prompt by its tokens.
  let prompt: PiecewiseLinear
  /// Seconds of several prompts of one size by the tokens of all.
  let batchedPrompt: PiecewiseLinear
  /// Seconds of a step of one request by the tokens of its context.
  let context: PiecewiseLinear
  /// Seconds of a step by its batch, where every context is `baseContext` tokens long, less what
  /// the contexts of all but one add by `context`.
  let batch: PiecewiseLinear
  let baseContext: Double
  /// Shares of the design power while prompts are computed by tokens, and while tokens are by batch;
  /// nil where nobody read it.
  let promptPower: PiecewiseLinear?
  let decodePower: PiecewiseLinear?

  /// Nil without rows of prompts alone and of several batches of a size.
  init?(_ rows: [Row]) {
    let single = rows.filter { $0.batch == 1 }
    guard let base = Self.batchedSize(rows), let output = Self.outputSize(rows),
      let prompt = PiecewiseLinear(
        single.map { (Double($0.promptTokens), $0.promptTime) }
      )
    else { return nil }
    let batched = rows.filter { $0.promptTokens == base }
    let tokens = rows.filter { $0.outputTokens == output }
    // A request's context grows from its prompt to the last token; its mean is half way.
    let half = Double(output) / 2
    let contexts = tokens.filter { $0.batch == 1 }
      .map { (Double($0.promptTokens) + half, $0.tokenTime) }
    let perTokens = batched.map { (Double($0.batch * base), $0.promptTime) }
    guard let batchedPrompt = PiecewiseLinear(perTokens)?.nondecreasing,
      let context = PiecewiseLinear(contexts)?.nondecreasing
    else { return nil }
    let baseContext = Double(base) + half
    let byBatch = tokens.filter { $0.promptTokens == base }
      .map { row in
        let others = context(Double(row.batch) * baseContext) - context(baseContext)
        return (Double(row.batch), row.tokenTime - others)
      }
    guard let batch = PiecewiseLinear(byBatch)?.nondecreasing else { return nil }
    self.prompt = prompt
    self.batchedPrompt = batchedPrompt
    self.context = context
    self.batch = batch
    self.baseContext = baseContext
    promptPower = PiecewiseLinear(
      single.filter { $0.peakPower > 0 }.map { (Double($0.promptTokens), $0.peakPower) }
    )
    decodePower = PiecewiseLinear(
      batched.filter { $0.averagePower > 0 }.map { (Double($0.batch), $0.averagePower) }
    )
  }

  /// The prompt size that was measured in the most batches; the smallest of several.
  private static func batchedSize(_ rows: [Row]) -> Int? {
    mostVaried(rows, by: \.promptTokens) { $0.batch }
  }

  /// The output size that was measured over the most prompts and batches.
  private static func outputSize(_ rows: [Row]) -> Int? {
    mostVaried(rows, by: \.outputTokens) { $0.promptTokens << 24 | $0.batch }
  }

  private static func mostVaried(
    _ rows: [Row],
    by size: (Row) -> Int,
    _ other: (Row) -> Int
  ) -> Int? {
    let groups = Dictionary(grouping: rows, by: size).mapValues { Set($0.map(other)).count }
    return groups.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key
  }

  /// Seconds of a step that emits a token for each of `batch` requests over `contextTokens` tokens of
  /// context in all.
  func decodeSeconds(batch: Double, contextTokens: Double) -> (batch: Double, context: Double) {
    (self.batch(batch), context(contextTokens) - context(baseContext))
  }
}
