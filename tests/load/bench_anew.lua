-- The addresses in a file in turn, each time spelled in a way of its own, so that no page of before answers it
local addresses, count = {}, 0
init = function(arguments)
  for line in io.lines(arguments[1]) do
    table.insert(addresses, line)
  end
end
request = function()
  count = count + 1
  local address = addresses[count % #addresses + 1]
  local join = string.find(address, "?", 1, true) and "&" or "?"
  return wrk.format("GET", address .. join .. "anew=" .. count)
end
