/// One accelerator package as the cost formulas see it. Rates are dense peaks, in one direction.
public struct Chip: Sendable {
  /// What fleets and reports call it, in kebab case.
  public var name: String
  public var summary: String
  /// Dense matrix rate, in operations per second.
  public var peak: ByPrecision
  /// Memory that holds weights and KV, in bytes: HBM, or the SRAM of a wafer.
  public var memoryBytes: Sourced
  /// In bytes per second.
  public var memoryBandwidth: Sourced
  /// On-chip SRAM, in bytes; on a wafer the same memory as `memoryBytes`.
  public var sramBytes: Sourced
  /// Scale-up link of the chip, in bytes per second.
  public var linkBandwidth: Sourced
  /// Chips that the scale-up links join.
  public var linkDomain: Int
  /// The chip's share of network cards, in bytes per second.
  public var nicBandwidth: Sourced
  /// Design power of the package (of the whole system for a wafer), in watts.
  public var power: Sourced
  public var timing: Timing

  /// The family of formulas that the chip's steps follow, with their constants.
  public enum Timing: Sendable {
    case roofline(RooflineConstants)
    case wafer(WaferConstants)
  }

  /// The share of memory that weights and KV may fill; the rest holds activations and buffers.
  public static let usableMemory = Sourced(
    0.9,
    .assumed,
    "vLLM's default gpu_memory_utilization; the same share of SRAM in the wafer model"
  )

  /// The chip under an engine with other constants; a wafer is returned as it is.
  public func tuned(_ change: (inout RooflineConstants) -> Void) -> Chip {
    guard case .roofline(var constants) = timing else { return self }
    change(&constants)
    var chip = self
    chip.timing = .roofline(constants)
    return chip
  }

  /// Every figure of the chip, for listings.
  public var figures: [Figure] {
    let rates =
      peak.figures("peak", unit: "op/s") + [
        Figure("memory", unit: "B", memoryBytes),
        Figure("memory bandwidth", unit: "B/s", memoryBandwidth),
        Figure("on-chip SRAM", unit: "B", sramBytes),
        Figure("scale-up link", unit: "B/s", linkBandwidth),
        Figure("network", unit: "B/s", nicBandwidth),
        Figure("power", unit: "W", power),
        Figure("usable memory", Self.usableMemory),
      ]
    return switch timing {
    case .roofline(let constants): rates + constants.figures
    case .wafer(let constants): rates + constants.figures
    }
  }
}
