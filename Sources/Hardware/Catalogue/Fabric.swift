/// How KV travels from one instance to another.
public struct Fabric: Sendable {
  /// What fleets and reports call it, in kebab case.
  public var name: String
  public var attachment: Attachment
  /// Share of the raw rate that large zero-copy transfers reach.
  public var efficiency: Sourced
  /// Further factor on the rate when KV is copied through host memory.
  public var stagedFactor: Sourced
  /// Paid once per transfer, in seconds.
  public var latency: Sourced

  /// Which of a chip's ports the fabric uses.
  public enum Attachment: Sendable {
    case networkCards, scaleUpLinks
  }

  /// The latency in whole nanoseconds.
  public var latencyNanoseconds: Int64 { Int64((latency.value * 1e9).rounded(.up)) }

  /// The rate at which an instance of `chips` chips sends, and receives, in bytes per second.
  public func bytesPerSecond(chip: Chip, chips: Int, staged: Bool) -> Int64 {
    let raw =
      switch attachment {
      case .networkCards: chip.nicBandwidth.value
      case .scaleUpLinks: chip.linkBandwidth.value
      }
    let factor = staged ? stagedFactor.value : 1
    return Int64((Double(chips) * raw * efficiency.value * factor).rounded(.down))
  }

  public var figures: [Figure] {
    [
      Figure("efficiency", efficiency),
      Figure("factor when staged", stagedFactor),
      Figure("latency", unit: "s", latency),
    ]
  }
}

extension Fabric {
  /// Every fabric of the catalogue.
  public static let all = [efaV3, efaV4, nvlink5, cs3IO]

  public static let efaV3 = Fabric(
    name: "efa-v3",
    attachment: .networkCards,
    efficiency: Sourced(0.91, .measured, "Mooncake on p5en: 365 of 400 GB/s written"),
    stagedFactor: Sourced(0.58, .derived, "Mooncake on p5en: 213 of 365 GB/s through the host"),
    latency: efaLatency
  )

  /// Trainium3 and p6 instances.
  public static let efaV4 = Fabric(
    name: "efa-v4",
    attachment: .networkCards,
    efficiency: Sourced(
      0.9,
      .assumed,
      "no Trainium3 measurement; Mooncake reaches 0.975 on p6-b300 and 0.77 on p6-b200"
    ),
    stagedFactor: Sourced(0.36, .derived, "Mooncake on p6-b300: 282 of 780 GB/s through the host"),
    latency: efaLatency
  )

  /// Inside one NVLink domain of Blackwell chips.
  public static let nvlink5 = Fabric(
    name: "nvlink-5",
    attachment: .scaleUpLinks,
    efficiency: Sourced(0.65, .measured, "B200 all-reduce, aiconfigurator 0.12"),
    stagedFactor: Sourced(0.06, .derived, "a PCIe 5 x16 port of 55 GB/s in place of 900 GB/s"),
    latency: Sourced(10e-6, .assumed, "a copy between peers, with its set-up")
  )

  /// The Ethernet ports of CS-3 systems, behind a gateway to the sender's fabric.
  public static let cs3IO = Fabric(
    name: "cs3-io",
    attachment: .networkCards,
    efficiency: Sourced(0.8, .assumed, "no attachment to EFA is published; a gateway's share"),
    stagedFactor: Sourced(0.5, .assumed, "one more pass through the gateway's memory"),
    latency: Sourced(10e-6, .assumed, "a gateway hop")
  )

  private static let efaLatency = Sourced(
    20e-6,
    .assumed,
    "10–20 us for a small SRD message; first contact, 26 ms, is not included"
  )
}
