extension Deployment {
  /// What profiles call the format of weights and matrices: a stack of 4-bit weights is one however
  /// its matrices are computed.
  var stackPrecision: String {
    switch weights {
    case .mxfp4, .nvfp4: "fp4"
    case .int4: "int4"
    case .bf16, .fp8: precision.rawValue
    }
  }

  /// The deployment under an engine whose constants a profile has, with the error to expect of it; a
  /// wafer is returned as it is.
  public func calibrated(_ profile: Profile, engine: String) -> Deployment {
    guard case .roofline = chip.timing else { return self }
    let found = profile.resolve(
      model: model.name,
      chip: chip.name,
      engine: engine,
      precision: stackPrecision,
      isMixtureOfExperts: model.isMixtureOfExperts
    )
    var deployment = self
    deployment.chip = found.constants.tuned(
      chip,
      source: "profile \(profile.name), \(found.level)"
    )
    deployment.expectedError = found.timePerOutputToken.map {
      ExpectedError(
        profile: profile.name,
        level: found.level,
        tpotMedian: $0.median,
        tpotNinetieth: $0.ninetieth
      )
    }
    return deployment
  }
}
