import ConfigFiles

/// The keys of a fabric's file.
enum FabricKey: String, CaseIterable {
  case name, summary, attachment, port, efficiency
  case stagedFactor = "staged_factor"
  case tcpFactor = "tcp_factor"
  case latency
}

extension Fabric {
  init(_ node: FileNode) throws(FileFault) {
    let section = try FileSection<FabricKey>(node, "a fabric")
    let shares = 0.0001...1.0
    name = try section.required(.name, section.word(.name))
    summary = try section.required(.summary, section.line(.summary))
    attachment = try section.required(.attachment, section.choice(.attachment))
    portBandwidth = try section.figure(.port, .bytesPerSecond)
    efficiency = try section.neededFigure(.efficiency, .share, in: shares)
    stagedFactor = try section.neededFigure(.stagedFactor, .share, in: shares)
    tcpFactor = try section.neededFigure(.tcpFactor, .share, in: shares)
    latency = try section.neededFigure(.latency, .seconds, in: 1e-9...1)
  }
}
