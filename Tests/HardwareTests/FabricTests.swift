import Hardware
import Testing

@Suite struct FabricTests {
  private func rate(
    _ fabric: String,
    _ chip: String,
    staged: Bool = false,
    transport: Fabric.Transport = .rdma
  ) throws -> Double {
    let chip = try Chip.named(chip)
    let rate = try Fabric.named(fabric)
      .bytesPerSecond(chip: chip, chips: 8, staged: staged, transport: transport)
    return Double(rate)
  }

  @Test func `the slower of port and card decides`() throws {
    #expect(try rate("roce-200", "h800") == 0.77 * 200e9)
    #expect(try rate("roce-400", "h20") == 0.84 * 200e9)
    #expect(try rate("infiniband-ndr", "b300") == 0.92 * 400e9)
    #expect(try agree(rate("infiniband-xdr", "b300"), 0.92 * 800e9, within: 1e-9))
    #expect(try rate("infiniband-xdr", "a100") == 0.92 * 200e9)
    #expect(try agree(rate("nvlink-4", "h100"), 0.9 * 8 * 450e9, within: 1e-9))
  }

  @Test func `staging and TCP cost what was measured`() throws {
    #expect(try agree(rate("efa-v2", "h100", staged: true), 64e9, within: 0.01))
    #expect(try agree(rate("efa-v3", "h200", staged: true), 213e9, within: 0.01))
    // About 10 Gb/s where a transfer library finds no libfabric.
    #expect(try agree(rate("efa-v3", "h200", transport: .tcp), 10e9 / 8, within: 0.02))
    let staged = try rate("efa-v3", "h200", staged: true, transport: .tcp)
    #expect(try staged == rate("efa-v3", "h200", transport: .tcp))
  }

  @Test func `the fits to Mooncake meet its transfers`() throws {
    for (fabric, chip, bytes, milliseconds) in [
      ("roce-200", "h800", 20e6, 0.54), ("roce-200", "h800", 4.5 * 0x1p30, 31.7),
      ("roce-400", "h20", 12.6e9, 76.8),
    ] {
      let latency = try Fabric.named(fabric).latency.value
      let time = try latency + bytes / rate(fabric, chip)
      #expect(agree(time * 1e3, milliseconds, within: 0.06), "\(time * 1e3) ms")
    }
  }

  @Test func `a fleet over TCP hands off slowly`() throws {
    let text = FleetFileSample.text.replacing("staged: true", with: "transport: tcp")
    let pools = try FleetText(text, file: "f.yaml").plan.fleet().pools
    let tcp = try Fabric.named("nvlink-5").tcpFactor.value
    #expect(agree(Double(pools[1].kind.nicBytesPerSecond), 2 * 900e9 * 0.65 * tcp, within: 1e-9))
  }
}
