import ArgumentParser
import KVCache
import Reporting
import Study
import Workload

/// What stands below the device of a cache-only replay.
struct CacheTierOptions: ParsableArguments {
  @Option(
    name: .customLong("tiers"),
    help: .init(
      """
      Tiers below the device, from the fastest: NAME:BLOCKS, or NAME:BLOCKS@RATE+LATENCY as in \
      host:50000@25GB/s+10us. A tier is read where that is faster than computing the blocks again. \
      host, ssd and store have rates of their own.
      """,
      valueName: "tiers"
    )
  )
  var spec: String?

  @Option(
    help: .init(
      """
      When tiers are written to: 'back', what leaves the tier above; 'through', all that is in the \
      device; 'hit:N', what was found in the device N times. back unless given.
      """,
      valueName: "mode"
    )
  )
  var write: String?

  @Option(
    help: .init(
      "Bytes of one token in the cache; 327680, a 70B model of 80 layers, unless given.",
      valueName: "bytes"
    )
  )
  var kvBytesPerToken: Int64?

  /// nil without tiers.
  var tiers: CacheTiers? {
    get throws(UsageError) {
      guard let spec else {
        if write != nil { throw UsageError("--write is for --tiers, which is missing") }
        if kvBytesPerToken != nil {
          throw UsageError("--kv-bytes-per-token is for --tiers, which is missing")
        }
        return nil
      }
      let bytes = kvBytesPerToken ?? 327_680
      guard (1...1_000_000_000).contains(bytes) else {
        throw UsageError(
          "--kv-bytes-per-token is \(bytes); expected a whole number from 1 to 1000000000"
        )
      }
      return CacheTiers(try Self.parse(spec), write: try mode, bytesPerToken: bytes)
    }
  }

  private var mode: TierWrite {
    get throws(UsageError) {
      switch write {
      case nil, "back": return .back
      case "through": return .through
      case .some(let text):
        if text.hasPrefix("hit:"), let count = Int(text.dropFirst(4)), (1...100).contains(count) {
          return .hit(count)
        }
        throw UsageError(
          "--write is '\(text)'; expected back, through or hit:N with N from 1 to 100"
        )
      }
    }
  }

  private static func parse(_ spec: String) throws(UsageError) -> [CacheTier] {
    var tiers: [CacheTier] = []
    for part in spec.split(separator: ",", omittingEmptySubsequences: false) {
      let tier = try parse(tier: String(part))
      if tiers.contains(where: { $0.name == tier.name }) {
        throw UsageError("--tiers names '\(tier.name)' twice")
      }
      tiers.append(tier)
    }
    return tiers
  }

  private static func parse(tier text: String) throws(UsageError) -> CacheTier {
    let sides = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard sides.count == 2, !sides[0].isEmpty else {
      throw UsageError("--tiers holds '\(text)'; expected NAME:BLOCKS or NAME:BLOCKS@RATE+LATENCY")
    }
    let name = String(sides[0])
    let amounts = sides[1].split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    guard let blocks = Int(amounts[0]), (1...Int(Int32.max)).contains(blocks) else {
      throw UsageError(
        "--tiers gives '\(name)' '\(amounts[0])' blocks; expected a whole number from 1 to "
          + "\(Int32.max)"
      )
    }
    guard amounts.count == 2 else {
      guard var tier = CacheTier.known.first(where: { $0.name == name }) else {
        throw UsageError(
          "--tiers holds '\(text)' without a rate, which only "
            + "\(CacheTier.known.map(\.name).joined(separator: ", ")) have; "
            + "expected \(name):\(blocks)@RATE+LATENCY, such as @25GB/s+10us"
        )
      }
      tier.capacityBlocks = blocks
      return tier
    }
    let costs = amounts[1].split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
    guard let rate = rate(costs[0]) else {
      throw UsageError(
        "--tiers gives '\(name)' the rate '\(costs[0])'; expected a number above 0 and a unit, "
          + "such as 25GB/s"
      )
    }
    let latency = costs.count == 2 ? DurationText.nanoseconds(costs[1]) : 0
    guard let latency else {
      throw UsageError(
        "--tiers gives '\(name)' the latency '\(costs[1])'; expected a duration such as 10us"
      )
    }
    return CacheTier(name: name, capacityBlocks: blocks, bytesPerSecond: rate, latency: latency)
  }

  /// Bytes per second: a number and `TB/s`, `GB/s`, `MB/s` or `kB/s`, in powers of 1,000.
  private static func rate(_ text: some StringProtocol) -> Int64? {
    let units: [(String, Double)] = [("TB/s", 1e12), ("GB/s", 1e9), ("MB/s", 1e6), ("kB/s", 1e3)]
    guard let unit = units.first(where: { text.hasSuffix($0.0) }),
      let number = Double(text.dropLast(unit.0.count)), number.isFinite
    else { return nil }
    let rate = (number * unit.1).rounded()
    return (1...1e18).contains(rate) ? Int64(rate) : nil
  }
}
