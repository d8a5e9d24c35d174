import Testing
import Workload

private let header =
  "request_id,request_type,application_id,arrival_timestamp,batch_size,prompt_size,token_size"

@Suite struct `Splitwise format` {
  @Test func `applications become tenants`() throws {
    let trace = try read("\(header)\n7,2,4,1.5,1,4096,32\n9,2,0,3e0,1,2048,8\n11,2,4,3,1,7,16\n")
    let group = try #require(trace.groups.first)
    #expect(group.record == [0, 1, 2])
    #expect(group.arrival == [0, 1_500_000_000, 1_500_000_000])
    #expect(group.promptTokens == [4_096, 2_048, 7])
    #expect(group.outputTokens == [32, 8, 16])
    #expect(group.tenant == [0, 1, 0])
    #expect(trace.names.tenants == ["4", "0"])
  }

  @Test(arguments: [
    ("x,2,0,2,1,1,1", 1, "request_id is 'x'"), ("1,1,0,2,1,1,1", 3, "request_type is '1'"),
    ("1,2,a,2,1,1,1", 5, "application_id is 'a'"), ("1,2,0,0,1,1,1", 7, "earlier"),
    ("1,2,0,2,2,1,1", 9, "batch_size is '2'"), ("1,2,0,2,1,0,1", 11, "prompt_size is '0'"),
    ("1,2,0,2,1,1,0", 13, "token_size is '0'"), ("1,2,0,2,1,1", 12, "token_size is missing"),
  ])
  func `a bad row is an error at its column`(row: String, column: Int, text: String) throws {
    let error = try failure("\(header)\n0,2,0,1,1,1,1\n\(row)\n", as: .splitwise)
    #expect(error?.line == 3)
    #expect(error?.column == column)
    #expect(error?.problem.contains(text) == true, "\(error?.problem ?? "no error")")
  }

  @Test func `a header without a column, or with another, is an error`() throws {
    let short = try failure("request_id,prompt_size\n0,1\n", as: .splitwise)
    #expect(short?.problem == "column request_type is missing; every trace needs it")
    let other = try failure("\(header),prompt_sizes\n", as: .splitwise)
    #expect(other?.column == 92)
    #expect(other?.problem.contains("did you mean 'prompt_size'?") == true)
  }
}
