import Testing

/// The models' table in `reference/hardware.md`, section 3, to its printed digits.
enum ModelTable {
  struct Row: Sendable, CustomTestStringConvertible {
    let model: String
    let billions: Double
    let activeBillions: Double
    /// Whether the table's active parameters have the input embedding, which multiplies nothing.
    var countsInputEmbedding = false
    let gigabytes16Bit: Double
    let nativeGigabytes: Double
    let kvBytes: Int64
    let kvGigabytesAt8K: Double
    /// Half a unit of the last digit printed, and the norms that the count leaves out.
    var tolerance = 0.0015
    var nativeTolerance = 0.005

    var testDescription: String { model }
  }

  static let rows = dense + mixtures

  private static let dense = [
    row("llama-3.1-8b", 8.03, 7.50, 16.1, 16.1, 131_072, 1.07),
    row("llama-3.1-70b", 70.6, 69.5, 141.1, 141.1, 327_680, 2.68),
    row("llama-3.1-405b", 405.8, 403.7, 811.7, 811.7, 516_096, 4.23),
    row("llama-2-70b", 69.0, 68.7, 138, 138, 327_680, 2.68),
    row("qwen3-32b", 32.8, 32.0, 65.5, 65.5, 262_144, 2.15),
    // Their embedding is the output head, so that it is counted once.
    row("bloom-176b", 176.2, 176.2, 352.5, 352.5, 4_014_080, 32.9),
    row("opt-66b", 65.7, 65.7, 131.4, 131.4, 2_359_296, 19.3),
  ]

  private static let mixtures = [
    // The cards of gpt-oss count the output head only, like the formulas. The table rounds 233.6 GB of
    // the larger one to 234.
    row("gpt-oss-20b", 20.9, 3.6, 41.8, 13.7, 49_152, 0.20),
    row("gpt-oss-120b", 116.8, 5.1, 233.6, 65, 73_728, 0.31),
    embedded("llama-4-maverick", 400.7, 17.2, 801, 801, 196_608, 1.61),
    embedded("qwen3-235b-a22b", 235.1, 22.2, 470, 470, 192_512, 1.58),
    embedded("qwen3-coder-480b", 480.2, 35.5, 960, 960, 253_952, 2.08),
    embedded("deepseek-v3", 671.0, 37.6, 1_342, 671, 70_272, 0.58),
    embedded("kimi-k2", 1_026, 32.9, 2_053, 1_026, 70_272, 0.58),
    // About 580 GB; with all but the experts at 16 bits the shape gives 594 GB.
    embedded("kimi-k2.5", 1_026, 32.9, 2_053, 580, 70_272, 0.58, native: 0.03),
    // The card says 355 and 32, with the prediction layer and without the embeddings.
    embedded("glm-4.5", 353, 33.6, 706, 706, 376_832, 3.09),
    embedded("minimax-m2.5", 228.7, 11.0, 457, 229, 253_952, 2.08),
    // The card's 397 and 17 are rounded.
    embedded("qwen3.5-397b-a17b", 397, 17.3, 794, 794, 30_720, 0.25),
    // The table leaves parameters to the shape; the card says 744 and 40.
    embedded("glm-5", 744, 41.7, 1_488, 1_488, 89_856, 0.74, tolerance: 0.003),
    embedded("mixtral-8x7b", 46.7, 12.9, 93.4, 93.4, 131_072, 1.07),
  ]

  private static func row(
    _ model: String,
    _ billions: Double,
    _ active: Double,
    _ gigabytes: Double,
    _ native: Double,
    _ kvBytes: Int64,
    _ kvGigabytes: Double
  ) -> Row {
    Row(
      model: model,
      billions: billions,
      activeBillions: active,
      gigabytes16Bit: gigabytes,
      nativeGigabytes: native,
      kvBytes: kvBytes,
      kvGigabytesAt8K: kvGigabytes,
      tolerance: billions < 21 ? 0.003 : 0.0015
    )
  }

  private static func embedded(
    _ model: String,
    _ billions: Double,
    _ active: Double,
    _ gigabytes: Double,
    _ native: Double,
    _ kvBytes: Int64,
    _ kvGigabytes: Double,
    tolerance: Double = 0.002,
    native nativeTolerance: Double = 0.005
  ) -> Row {
    var row = row(model, billions, active, gigabytes, native, kvBytes, kvGigabytes)
    row.countsInputEmbedding = true
    row.tolerance = tolerance
    row.nativeTolerance = nativeTolerance
    return row
  }
}
