/// Power over use, as shares of the design power: while steps run,
/// min(1, active + memory · u_mem + compute · u_comp), where u is the time at peak rates over the
/// time taken; between them `idle`.
public struct PowerCurve: Sendable, Equatable {
  public var idle = Sourced(
    0.15,
    .assumed,
    "an idle H100 draws 70–120 W of 700 W; sweep 0.10–0.30"
  )
  public var active = Sourced(0.38, .assumed, Self.fit)
  public var memory = Sourced(0.5, .assumed, Self.fit)
  public var compute = Sourced(1.3, .assumed, Self.fit)

  private static let fit =
    "set by hand to 18 readings of chip power by ML.ENERGY, which it meets within 12 % in the median"

  public init() {}

  var figures: [Figure] {
    [
      Figure("idle power share", idle), Figure("active power share", active),
      Figure("power share of memory use", memory), Figure("power share of compute use", compute),
    ]
  }
}

/// What an hour of one chip costs, with its share of everything around it, in dollars.
public struct Prices: Sendable, Equatable {
  /// Cost of ownership of a hyperscaler.
  public var hyperscaler: Sourced?
  /// Cost of ownership of a smaller cloud.
  public var neocloud: Sourced?
  /// What customers pay, at the longest common commitment unless the note says otherwise.
  public var rental: Sourced?

  public init(hyperscaler: Sourced? = nil, neocloud: Sourced? = nil, rental: Sourced? = nil) {
    self.hyperscaler = hyperscaler
    self.neocloud = neocloud
    self.rental = rental
  }

  /// The lowest level for which there is a figure: the hyperscaler's cost before the others.
  public var perHour: Sourced? { hyperscaler ?? neocloud ?? rental }

  var figures: [Figure] {
    [("hyperscaler", hyperscaler), ("neocloud", neocloud), ("rental", rental)].compactMap {
      name,
      price in price.map { Figure("price, \(name)", unit: .dollarsPerHour, $0) }
    }
  }
}
