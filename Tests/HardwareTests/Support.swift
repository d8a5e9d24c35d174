import Foundation
import Hardware

extension StepCost {
  var seconds: Double { Double(time) / 0x1p32 / 1e9 }
  var joules: Double { Double(energy) / 0x1p32 / 1e9 }
}

extension InstanceKind {
  /// A decode step of `batch` requests with `context` tokens each.
  func decode(batch: Int, context: Int) -> StepCost {
    costs.decodeStep(batch: batch, kvBytes: Double(batch) * Double(kv.bytes(tokens: context)))
  }

  /// A prompt that is computed alone and whole.
  func prefillSeconds(tokens: Int) -> Double {
    costs.prefillPass(tokens: tokens, decodeBatch: 0).seconds
      + costs.prefillAttention(newTokens: tokens, pastTokens: 0).seconds
  }
}

extension Chip {
  static var trainium3: Chip { builtIn { try named("trainium3") } }
  static var wse3: Chip { builtIn { try named("wse-3") } }
  static var b200: Chip { builtIn { try named("b200") } }
}

extension Fabric {
  static var efaV3: Fabric { builtIn { try named("efa-v3") } }
  static var efaV4: Fabric { builtIn { try named("efa-v4") } }
}

extension Model {
  static var gptOSS120B: Model { builtIn { try named("gpt-oss-120b") } }
  static var llama70B: Model { builtIn { try named("llama-3.1-70b") } }
  static var llama8B: Model { builtIn { try named("llama-3.1-8b") } }
}

/// An entry that the catalogue has; without it no test makes sense.
private func builtIn<Entry>(_ find: () throws -> Entry) -> Entry {
  do {
    return try find()
  } catch {
    preconditionFailure("\(error)")
  }
}

/// An instance kind for tests that look at its costs only.
func instance(
  _ chip: Chip,
  _ chips: Int,
  _ model: Model,
  precision: Precision = .bf16,
  weights: WeightFormat? = nil,
  kvElementBytes: Int = 2
) throws -> InstanceKind {
  var deployment = Deployment(
    name: "test",
    chip: chip,
    chips: chips,
    model: model,
    precision: precision,
    weights: weights,
    fabric: .efaV4,
    maxBatch: 256
  )
  deployment.kvElementBytes = kvElementBytes
  return try InstanceKind(deployment)
}

/// Whether two figures agree to a relative error.
func agree(_ value: Double, _ expected: Double, within relative: Double) -> Bool {
  abs(value - expected) <= relative * abs(expected)
}

enum SharedData {
  static var package: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
  }

  /// The folder of public traces and measurements beside the package.
  static var folder: URL {
    if let path = ProcessInfo.processInfo.environment["REPLAY_SHARED"] {
      return URL(fileURLWithPath: path)
    }
    return package.deletingLastPathComponent().appendingPathComponent("shared")
  }

  /// Prompt and output lengths of the Azure chat hour; nil, with a printed reason, where absent.
  static func azureChatLengths() -> [(prompt: Int, output: Int)]? {
    let file = folder.appendingPathComponent(
      "traces/azure-llm-2023/AzureLLMInferenceTrace_conv.csv"
    )
    guard let text = try? String(contentsOf: file, encoding: .utf8) else {
      print("skipped: no file at \(file.path)")
      return nil
    }
    return text.split(whereSeparator: \.isNewline).dropFirst().compactMap { line in
      let fields = line.split(separator: ",")
      guard fields.count == 3, let prompt = Int(fields[1]), let output = Int(fields[2]) else {
        return nil
      }
      return (prompt, output)
    }
  }
}
