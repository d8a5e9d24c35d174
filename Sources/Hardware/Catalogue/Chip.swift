/// One accelerator package as the cost formulas see it. Rates are dense peaks, in one direction.
public struct Chip: Sendable, Equatable {
  /// What fleets and reports call it, in kebab case.
  public var name: String
  public var summary: String
  public var status: Status
  /// Dense matrix rate, in operations per second.
  public var peak: ByPrecision
  /// Memory that holds weights and KV, in bytes: HBM, or the SRAM of a wafer or LPU.
  public var memoryBytes: Sourced
  /// In bytes per second.
  public var memoryBandwidth: Sourced
  /// On-chip SRAM, in bytes; on a wafer or LPU the same memory as `memoryBytes`. Nil where unknown.
  public var sramBytes: Sourced?
  /// Scale-up link of the chip, in bytes per second.
  public var linkBandwidth: Sourced
  /// Groups of chips that the scale-up links can join; the first is the one meant unless a fleet
  /// names another.
  public var domains: [Domain]
  /// The chip's share of network cards, in bytes per second.
  public var nicBandwidth: Sourced
  /// Design power of the package (of the whole system for a wafer), in watts.
  public var power: Sourced
  /// What a data centre provides per chip, with its share of hosts, network and cooling, in watts.
  public var provisionedPower: Sourced?
  public var powerCurve: PowerCurve
  public var prices: Prices
  public var timing: Timing

  public enum Status: String, Sendable, CaseIterable {
    case shipping, announced
    /// Announced, then given up by its maker.
    case withdrawn
    /// Kept for measurements that were made on it.
    case retired
  }

  /// Chips that one kind of server joins.
  public struct Domain: Sendable, Equatable {
    public var name: String
    public var chips: Sourced
  }

  /// The family of formulas that the chip's steps follow, with their constants.
  public enum Timing: Sendable, Equatable {
    case roofline(RooflineConstants)
    /// A pipeline of chips that hold weights and KV in SRAM: wafers and LPUs.
    case wafer(WaferConstants)
  }

  /// Chips that the scale-up links join.
  public var linkDomain: Int { Int(domains[0].chips.value) }

  /// The share of memory that weights and KV may fill; the rest holds activations and buffers.
  public static let usableMemory = Sourced(
    0.9,
    .assumed,
    "vLLM's default gpu_memory_utilization; the same share of SRAM in the wafer model"
  )

  /// The chip in a server that joins another number of chips; nil where the chip has none with the
  /// name.
  public func inDomain(_ name: String) -> Chip? {
    guard let position = domains.firstIndex(where: { $0.name == name }) else { return nil }
    var chip = self
    chip.domains.swapAt(0, position)
    return chip
  }

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
    var figures =
      peak.figures("peak", unit: .operationsPerSecond) + [
        Figure("memory", unit: .bytes, memoryBytes),
        Figure("memory bandwidth", unit: .bytesPerSecond, memoryBandwidth),
      ]
    if let sramBytes { figures.append(Figure("on-chip SRAM", unit: .bytes, sramBytes)) }
    figures.append(Figure("scale-up link", unit: .bytesPerSecond, linkBandwidth))
    figures += domains.map { Figure("domain \($0.name)", unit: .chips, $0.chips) }
    figures += [
      Figure("network", unit: .bytesPerSecond, nicBandwidth), Figure("power", unit: .watts, power),
    ]
    if let provisionedPower {
      figures.append(Figure("provisioned power", unit: .watts, provisionedPower))
    }
    figures += powerCurve.figures + prices.figures
    figures.append(Figure("usable memory", Self.usableMemory))
    return switch timing {
    case .roofline(let constants): figures + constants.figures
    case .wafer(let constants): figures + constants.figures
    }
  }
}
