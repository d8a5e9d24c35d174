/// How far step times of an instance kind can be expected to be from measured ones.
public struct ExpectedError: Sendable, Equatable {
  /// The profile that its constants are from, such as `inferencex`.
  public var profile: String
  /// The level of the profile, such as `stack gpt-oss-120b, b200, vllm, fp4` or `global`.
  public var level: String
  /// Relative error of time per output token on rows that the fit had not seen, in the median and at
  /// the 90th percentile.
  public var tpotMedian: Double
  public var tpotNinetieth: Double

  public init(profile: String, level: String, tpotMedian: Double, tpotNinetieth: Double) {
    self.profile = profile
    self.level = level
    self.tpotMedian = tpotMedian
    self.tpotNinetieth = tpotNinetieth
  }
}
