extension Chip {
  /// Every chip of the catalogue.
  public static let all = [trainium3, wse3, b200]

  public static let trainium3 = Chip(
    name: "trainium3",
    summary: "AWS Trainium3, 64 per Gen1 UltraServer",
    peak: ByPrecision(
      bf16: Sourced(671e12, .published, neuron),
      fp8: Sourced(2_517e12, .published, "\(neuron); MXFP8"),
      fp4: Sourced(2_517e12, .published, "\(neuron); MXFP4, no gain over MXFP8")
    ),
    memoryBytes: Sourced(144 * 0x1p30, .published, neuron),
    memoryBandwidth: Sourced(4.9e12, .published, "\(neuron); the NKI guide says 4.7 TB/s"),
    sramBytes: Sourced(272 * 0x1p20, .published, "\(neuron); 8 × (32 MiB SBUF + 2 MiB PSUM)"),
    linkBandwidth: Sourced(
      576e9,
      .derived,
      "\(neuron); 256 GB/s in the sled and 320 GB/s in the rack"
    ),
    linkDomain: 64,
    nicBandwidth: Sourced(25e9, .published, "\(neuron); 12.8 Tb/s EFA per 64 chips"),
    power: Sourced(1_000, .published, "press reports of up to 1,000 W; no data sheet"),
    timing: .roofline(neuronConstants)
  )

  public static let wse3 = Chip(
    name: "wse-3",
    summary: "Cerebras WSE-3, one wafer per CS-3 system",
    peak: ByPrecision(
      bf16: Sourced(15.6e15, .derived, wafer),
      fp8: Sourced(15.6e15, .derived, "\(wafer); the datapath stays at 16 bits"),
      fp4: Sourced(15.6e15, .derived, "\(wafer); the datapath stays at 16 bits")
    ),
    memoryBytes: Sourced(44e9, .published, "Cerebras WSE-3 data sheet"),
    memoryBandwidth: Sourced(21e15, .published, "Cerebras WSE-3 data sheet"),
    sramBytes: Sourced(44e9, .published, "Cerebras WSE-3 data sheet"),
    linkBandwidth: Sourced(150e9, .published, "Cerebras CS-3 data sheet; 12 × 100 Gb Ethernet"),
    linkDomain: 1,
    nicBandwidth: Sourced(150e9, .published, "Cerebras CS-3 data sheet; 12 × 100 Gb Ethernet"),
    power: Sourced(23_000, .published, "CS-3 system, typical; the data sheet's maximum is 27 kW"),
    timing: .wafer(WaferConstants())
  )

  public static let b200 = Chip(
    name: "b200",
    summary: "NVIDIA B200 SXM, 8 per node",
    peak: ByPrecision(
      bf16: Sourced(2_250e12, .published, aiconfigurator),
      fp8: Sourced(4_500e12, .published, aiconfigurator),
      fp4: Sourced(9_000e12, .published, aiconfigurator)
    ),
    memoryBytes: Sourced(180e9, .published, aiconfigurator),
    memoryBandwidth: Sourced(7.7e12, .published, "\(aiconfigurator); NVIDIA states up to 8 TB/s"),
    sramBytes: Sourced(126e6, .assumed, "L2 cache, not in the data sheet"),
    linkBandwidth: Sourced(900e9, .published, "NVLink 5, one way"),
    linkDomain: 8,
    nicBandwidth: Sourced(50e9, .published, "400 Gb/s per chip, as in p6-b200"),
    power: Sourced(1_000, .published, aiconfigurator),
    timing: .roofline(blackwellConstants)
  )

  private static let neuron = "AWS Neuron SDK, Trn3 architecture"
  private static let aiconfigurator = "NVIDIA aiconfigurator 0.12, system file"
  private static let wafer =
    "SemiAnalysis: arithmetic intensity 0.74 × 21 PB/s; the stated 125 PF are sparse"

  private static var neuronConstants: RooflineConstants {
    var constants = RooflineConstants()
    let borrowed = "as H100; no Trainium3 kernel data is public"
    constants.gemmEfficiency = ByPrecision(
      bf16: Sourced(0.80, .assumed, borrowed),
      fp8: Sourced(0.60, .assumed, borrowed),
      fp4: Sourced(0.60, .assumed, "as FP8")
    )
    constants.gemmRampTokens = Sourced(260, .assumed, borrowed)
    constants.attentionEfficiency = Sourced(0.55, .assumed, borrowed)
    constants.attentionRampTokens = Sourced(2_000, .assumed, borrowed)
    constants.slowdown = Sourced(
      2.2,
      .assumed,
      "fit to Trn1 and Trn2 prefill in the Neuron tutorials; MFU about 0.35, sweep 0.2–0.5"
    )
    constants.layerFloor = Sourced(
      100e-6,
      .assumed,
      "Trn1 and Trn2 take 60–90 us at 16 ranks and 195 us at 64, Neuron tutorials"
    )
    constants.allReduceLatency = Sourced(15e-6, .assumed, "fit to Trn1 and Trn2 decode")
    constants.linkEfficiency = Sourced(0.9, .assumed, "as NVLink 4")
    return constants
  }

  private static var blackwellConstants: RooflineConstants {
    var constants = RooflineConstants()
    let kernels = "TensorRT-LLM kernels on B200, aiconfigurator 0.12"
    constants.gemmEfficiency = ByPrecision(
      bf16: Sourced(0.66, .measured, kernels),
      fp8: Sourced(0.50, .measured, kernels),
      fp4: Sourced(0.39, .measured, kernels)
    )
    constants.gemmRampTokens = Sourced(
      600,
      .derived,
      "fit within 13 % to B200 FP8 kernels at 128–4,096 tokens, aiconfigurator 0.12"
    )
    constants.attentionRampTokens = Sourced(3_000, .measured, kernels)
    constants.allReduceLatency = Sourced(5.5e-6, .measured, "B200 NVLink, aiconfigurator 0.12")
    constants.linkEfficiency = Sourced(0.65, .measured, "B200 NVLink, aiconfigurator 0.12")
    return constants
  }
}
