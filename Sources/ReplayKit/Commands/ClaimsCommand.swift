import ArgumentParser
import Policies
import Study
import Workload

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

struct ClaimsCommand: ReplayCommand {
  static let configuration = CommandConfiguration(
    commandName: "claims",
    abstract: "Run public claims about split inference as scenarios, and say which hold.",
    discussion: """
      Each claim is a ratio of two simulated quantities under stated conditions, with what it becomes \
      where one condition changes, and the error to be expected of it. Prices are per hour of one \
      chip.
      """
  )

  @Argument(help: "The number of a claim; all of them unless given.")
  var number: Int?

  @Option(
    parsing: .unconditional,
    help: .init(
      "Of the GPU that is compared with; the catalogue's unless given.",
      valueName: "dollars"
    )
  )
  var priceGpu: Double?

  @Option(
    parsing: .unconditional,
    help: .init("Of a Trainium3; the catalogue's unless given.", valueName: "dollars")
  )
  var priceTrainium: Double?

  @Option(
    parsing: .unconditional,
    help: .init("Of a CS-3; the catalogue's unless given.", valueName: "dollars")
  )
  var priceWafer: Double?

  @Flag(help: "Print one JSON object instead of tables.")
  var json = false

  func run(in registry: PolicyRegistry) throws {
    if let number, !ClaimStudy.numbers.contains(number) {
      let numbers = ClaimStudy.numbers
      throw UsageError(
        "no claim has the number \(number); expected \(numbers.lowerBound) to \(numbers.upperBound)"
      )
    }
    let prices = [
      ("gpu", priceGpu), ("trainium", priceTrainium), ("wafer", priceWafer),
    ]
    for (name, price) in prices {
      guard let price, !(1e-6...1e9).contains(price) else { continue }
      throw UsageError("--price-\(name) is \(price); expected dollars per hour above 0")
    }
    let study = try ClaimStudy(
      number: number,
      prices: ClaimPrices(gpu: priceGpu, trainium: priceTrainium, wafer: priceWafer),
      threads: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    )
    try StandardOutput.write(json ? study.json.document : study.text)
  }
}
