import ConfigFiles

/// The keys of a chip's file.
enum ChipKey: String, CaseIterable {
  case name, summary, status, peak, memory
  case memoryBandwidth = "memory_bandwidth"
  case sram, link, domains, nic, power
  case provisionedPower = "provisioned_power"
  case powerCurve = "power_curve"
  case prices, timing, like, constants
}

enum DomainKey: String, CaseIterable {
  case name, chips
}

enum PowerCurveKey: String, CaseIterable {
  case idle, active, memory, compute
}

enum PricesKey: String, CaseIterable {
  case hyperscaler, neocloud, rental
}

/// Names of the formulas in files.
enum TimingKind: String, CaseIterable {
  case roofline, wafer
}

extension Chip {
  init(_ node: FileNode) throws(FileFault) {
    let section = try FileSection<ChipKey>(node, "a chip")
    name = try section.required(.name, section.word(.name))
    summary = try section.required(.summary, section.line(.summary))
    status = try section.choice(.status) ?? .shipping
    peak = try section.required(.peak, section.byPrecision(.peak, .operationsPerSecond))
    guard peak.bf16 != nil else {
      throw FileFault(at: section[.peak]?.place, "peak needs the key 'bf16'; add it")
    }
    memoryBytes = try section.neededFigure(.memory, .bytes, in: 1e6...1e15)
    memoryBandwidth = try section.neededFigure(.memoryBandwidth, .bytesPerSecond)
    sramBytes = try section.figure(.sram, .bytes)
    linkBandwidth = try section.neededFigure(.link, .bytesPerSecond)
    domains = []
    for node in try section.required(.domains, section.list(.domains, atMost: 8)) {
      let domain = try FileSection<DomainKey>(node, "a domain")
      domains.append(
        Domain(
          name: try domain.required(.name, domain.word(.name)),
          chips: try domain.neededFigure(.chips, .chips, in: 1...1e6)
        )
      )
    }
    nicBandwidth = try section.neededFigure(.nic, .bytesPerSecond)
    power = try section.neededFigure(.power, .watts, in: 1...1e6)
    provisionedPower = try section.figure(.provisionedPower, .watts, in: 1...1e6)
    powerCurve = PowerCurve()
    if let node = section[.powerCurve] { try powerCurve.read(node) }
    prices = try Prices(section)
    timing = try Self.timing(section)
  }

  private static func timing(_ section: FileSection<ChipKey>) throws(FileFault) -> Timing {
    let kind: TimingKind = try section.required(.timing, section.choice(.timing))
    switch kind {
    case .roofline:
      var constants = try base(section)
      if let node = section[.constants] { try constants.readFigures(node) }
      return .roofline(constants)
    case .wafer:
      var constants = WaferConstants()
      if let node = section[.constants] { try constants.readFigures(node) }
      return .wafer(constants)
    }
  }

  /// The constants that the file's own replace: those of the chip that `like` names, as assumptions.
  private static func base(
    _ section: FileSection<ChipKey>
  ) throws(FileFault) -> RooflineConstants {
    guard let name = try section.named(.like, measured, { $0 }) else { return RooflineConstants() }
    guard case .roofline(let constants) = try? Chip.named(name).timing else {
      throw FileFault(at: section[.like]?.place, "the constants of \(name) cannot be read")
    }
    return constants.borrowed(from: name)
  }

  /// Chips with kernel measurements of their own, from which others borrow.
  private static let measured = ["h100", "b200", "trainium3"]
}

extension PowerCurve {
  fileprivate mutating func read(_ node: FileNode) throws(FileFault) {
    let section = try FileSection<PowerCurveKey>(node, "power_curve")
    try section.replace(&idle, .idle, in: 0...1)
    try section.replace(&active, .active, in: 0...1)
    try section.replace(&memory, .memory, in: 0...10)
    try section.replace(&compute, .compute, in: 0...10)
  }
}

extension Prices {
  fileprivate init(_ chip: FileSection<ChipKey>) throws(FileFault) {
    let node = try chip.required(.prices, chip[.prices])
    let section = try FileSection<PricesKey>(node, "prices")
    let range = 0.01...1e5
    hyperscaler = try section.figure(.hyperscaler, .dollarsPerHour, in: range)
    neocloud = try section.figure(.neocloud, .dollarsPerHour, in: range)
    rental = try section.figure(.rental, .dollarsPerHour, in: range)
    guard perHour != nil else {
      throw FileFault(at: node.place, "prices has no price; add hyperscaler, neocloud or rental")
    }
  }
}
