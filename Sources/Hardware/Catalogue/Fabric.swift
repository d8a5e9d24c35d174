/// How KV travels from one instance to another.
public struct Fabric: Sendable, Equatable {
  /// What fleets and reports call it, in kebab case.
  public var name: String
  public var summary: String
  public var attachment: Attachment
  /// The most that the fabric carries per chip, in bytes per second; nil where the chip's own ports
  /// decide.
  public var portBandwidth: Sourced?
  /// Share of the raw rate that large zero-copy transfers reach.
  public var efficiency: Sourced
  /// Further factor on the rate when KV is copied through host memory.
  public var stagedFactor: Sourced
  /// Further factor on the rate when KV goes over TCP in place of remote memory access.
  public var tcpFactor: Sourced
  /// Paid once per transfer, in seconds.
  public var latency: Sourced

  /// Which of a chip's ports the fabric uses.
  public enum Attachment: String, Sendable, CaseIterable {
    case networkCards = "network-cards"
    case scaleUpLinks = "scale-up-links"
  }

  /// What moves the bytes.
  public enum Transport: String, Sendable, CaseIterable {
    /// From memory to memory, without the processors.
    case rdma
    /// What transfer libraries fall back to where they find no such way.
    case tcp
  }

  /// The latency in whole nanoseconds.
  public var latencyNanoseconds: Int64 { Int64((latency.value * 1e9).rounded(.up)) }

  /// The rate at which an instance of `chips` chips sends, and receives, in bytes per second.
  ///
  /// TCP copies through host memory on its own account, so that staging slows it no further.
  public func bytesPerSecond(
    chip: Chip,
    chips: Int,
    staged: Bool,
    transport: Transport = .rdma
  ) -> Int64 {
    let port =
      switch attachment {
      case .networkCards: chip.nicBandwidth.value
      case .scaleUpLinks: chip.linkBandwidth.value
      }
    let raw = min(port, portBandwidth?.value ?? port)
    let factor =
      switch transport {
      case .rdma: staged ? stagedFactor.value : 1
      case .tcp: tcpFactor.value
      }
    return Int64((Double(chips) * raw * efficiency.value * factor).rounded(.down))
  }

  public var figures: [Figure] {
    let port = portBandwidth.map { [Figure("port of a chip", unit: .bytesPerSecond, $0)] } ?? []
    return port + [
      Figure("efficiency", efficiency),
      Figure("factor when staged", stagedFactor),
      Figure("factor over TCP", tcpFactor),
      Figure("latency", unit: .seconds, latency),
    ]
  }
}
