import Hardware
public import Simulation

/// Admits a request only if a share of the memory stays free for the growth of those that run.
///
/// Source: the watermark of vLLM's block manager, 1 % of its blocks; Kwon et al., SOSP 2023,
/// https://arxiv.org/abs/2309.06180, and https://github.com/microsoft/vidur, which has the same.
/// Departures: units instead of blocks; and a request that could never leave the share free is
/// admitted to an empty instance, where vLLM gives it up.
///
/// Memory in use only grows between the moments at which the engine asks anyway, so a wait needs no
/// review.
///
/// Parameters: `free`, the share of the capacity that stays free, in whole millionths, default
/// 0.01; what it comes to is rounded down.
///
/// Example: `free` = 0.1 of 100 units: with 70 in use a context of 20 units is admitted, one of 21
/// waits.
public struct Watermark: DecodeAdmit {
  public static let entry = PolicyEntry.decodeAdmit(
    "watermark",
    "Admits only if a share of the memory stays free for growth.",
    parameters: [
      PolicyParameter(
        "free",
        unit: "share of capacity",
        default: 0.01,
        range: 0...1,
        isWhole: false,
        summary: "What has to stay free."
      )
    ]
  ) { Watermark(freeMillionths: Int(($0["free"] * 1e6).rounded())) }

  let freeMillionths: Int

  /// - Parameter freeMillionths: What has to stay free, in millionths of the capacity.
  public init(freeMillionths: Int) { self.freeMillionths = freeMillionths }

  public func admit(_ request: RequestView, _ instance: MemoryView) -> DecodeAdmitDecision {
    let free = Int128(instance.capacityUnits) * Int128(freeMillionths) / 1_000_000
    let used = instance.usedUnits + instance.kv.units(tokens: request.contextTokens)
    return Int128(used) + free <= Int128(instance.capacityUnits) ? .admit : .wait(review: .never)
  }
}
