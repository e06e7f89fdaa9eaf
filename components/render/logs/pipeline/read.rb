# What a line says of itself, as ECS fields. Where it comes from is not its to say: only the keys below are taken from
# it, and everything else that it brings lies under `labels`.

require "ipaddr"
require "json"
require "time"

TAKEN = %w[message log error event http url user_agent client user labels trace span transaction process organization].freeze

# structlog's own names, and those of older services.
RENAMED = {
  "client_ip" => "client.ip", "duration_ns" => "event.duration", "exception" => "error.stack_trace",
  "level" => "log.level", "logger" => "log.logger", "method" => "http.request.method", "path" => "url.path",
  "request_id" => "http.request.id", "severity" => "log.level", "span_id" => "span.id",
  "status" => "http.response.status_code", "status_code" => "http.response.status_code", "timestamp" => "@timestamp",
  "trace_id" => "trace.id", "user_agent" => "user_agent.original", "user_id" => "user.id", "log_class" => "labels.log_class"
}.freeze

# nginx escapes quotes within, so a sender cannot end a part early.
ACCESS = /\A(?<ip>\S+) \S+ (?<user>\S+) \[(?<time>[^\]]+)\] "(?<method>[A-Z]+) (?<target>[^" ]+)(?: HTTP\/(?<version>[\d.]+))?" (?<status>\d{3}) (?<bytes>\d+|-)(?: "(?<referrer>[^"]*)" "(?<agent>[^"]*)")?(?: (?<seconds>\d+\.\d+))?/.freeze
TRACEBACK = "Traceback (most recent call last):".freeze

DEEPEST, MOST_KEYS, LONGEST, LONGEST_LINE = 8, 100, 32_000, 1_000_000
# A clock may be off, and a day's backlog may arrive late; what is further away is a mistake.
EARLIEST, LATEST = 7 * 86_400, 3_600

def register(params)
  @environment = params["environment"]
end

def filter(event)
  text = event.get("message").to_s.dup.force_encoding(Encoding::UTF_8).scrub("\u{FFFD}")
  # It cannot be a value of the line's, whatever the line says.
  event.remove("service")
  event.set("message", bounded(text, 0))
  if text.start_with?("{")
    read_json(event, text)
  elsif (match = ACCESS.match(text))
    read_access(event, match)
  elsif text.start_with?(TRACEBACK)
    read_traceback(event, text)
  end
  event.set("[service][name]", event.get("[kubernetes][labels][app_kubernetes_io/name]") || "unknown")
  event.set("[service][environment]", @environment)
  check(event)
  event.remove("[event][original]")
  [event]
end

def read_json(event, text)
  return event.tag("_line_too_long") if text.bytesize > LONGEST_LINE
  document = JSON.parse(text, max_nesting: DEEPEST * 4)
  return event.tag("_not_an_object") unless document.is_a?(Hash)
  take(event, document)
rescue JSON::NestingError
  event.tag("_nested_too_deep")
rescue JSON::ParserError
  event.tag("_not_json")
end

def take(event, document)
  # structlog's `event` is the message; ECS's is an object.
  document["message"] = document.delete("event") if document["event"].is_a?(String)
  document["service"].is_a?(Hash) && (version = document["service"]["version"])
  ours, labels = {}, {}
  document.first(MOST_KEYS).each do |key, value|
    put((key.is_a?(String) && TAKEN.include?(root(key))) || root(key) == "@timestamp" ? ours : labels, key, value)
  end
  labels.delete("service")
  # ECS counts nanoseconds.
  put(ours, "event.duration", (labels.delete("duration_ms") * 1_000_000).round) if labels["duration_ms"].is_a?(Numeric)
  %w[message @timestamp].each { |key| ours[key] = ours[key].to_s if ours.key?(key) }
  given = ours["labels"].is_a?(Hash) ? ours["labels"] : {}
  ours["labels"] = given.merge(labels)
  ours.delete("labels") if ours["labels"].empty?
  ours["error"] = raised(ours["error"]["stack_trace"]).merge(ours["error"]) if ours["error"].is_a?(Hash)
  ours.each { |key, value| key == "@timestamp" ? time(event, value) : event.set("[#{key}]", bounded(value, 0)) }
  event.set("[service][version]", version.to_s[0, 100]) if version
end

def root(key)
  (RENAMED[key] || key).split(".").first
end

# Dots are levels, as ecs-logging writes them.
def put(into, key, value)
  # A name that is ECS's own as well is old only where its value is no object.
  parts = (value.is_a?(Hash) && TAKEN.include?(key) ? key : RENAMED[key] || key).split(".")
  return if parts.empty? || parts.length > DEEPEST
  last = parts.pop
  parts.each { |part| into = into[part].is_a?(Hash) ? into[part] : (into[part] = {}) }
  into[last] = value.is_a?(Hash) && into[last].is_a?(Hash) ? into[last].merge(value) : value
end

def bounded(value, depth)
  case value
  when String then shortened(value.scrub("\u{FFFD}").delete("\u0000"))
  when Hash
    return shortened(JSON.generate(value, max_nesting: 0)) if depth >= DEEPEST
    value.first(MOST_KEYS).reject { |key, _| key =~ /[\[\]]/ }.map { |key, each| [key[0, 200], bounded(each, depth + 1)] }.to_h
  when Array then value.first(MOST_KEYS).map { |each| bounded(each, depth + 1) }
  else value
  end
end

def shortened(text)
  text.bytesize > LONGEST ? text.byteslice(0, LONGEST).scrub("") + " …" : text
end

def read_access(event, match)
  path, query = match[:target].split("?", 2)
  event.set("[client][ip]", match[:ip])
  event.set("[user][name]", match[:user]) unless match[:user] == "-"
  event.set("[http][request][method]", match[:method])
  event.set("[http][response][status_code]", match[:status].to_i)
  event.set("[http][response][body][bytes]", match[:bytes].to_i) unless match[:bytes] == "-"
  event.set("[http][version]", match[:version]) if match[:version]
  event.set("[http][request][referrer]", bounded(match[:referrer], 0)) if match[:referrer] && match[:referrer] != "-"
  event.set("[url][path]", bounded(path, 0))
  event.set("[url][query]", bounded(query, 0)) if query
  event.set("[user_agent][original]", bounded(match[:agent], 0)) if match[:agent] && match[:agent] != "-"
  event.set("[event][duration]", (match[:seconds].to_f * 1_000_000_000).round) if match[:seconds]
  time(event, match[:time])
end

def read_traceback(event, text)
  event.set("[error]", bounded(raised(text), 0).merge("stack_trace" => bounded(text, 0)))
  event.set("[log][level]", "error")
end

# What a traceback ends with, as ECS fields.
def raised(text)
  return {} unless text.is_a?(String)
  last = text.lines.reverse.find { |line| line =~ /\A\S/ }.to_s.strip
  kind, said = last.split(": ", 2)
  return {} if kind.to_s.empty? || last == TRACEBACK
  { "type" => kind[0, 200], "message" => said }.compact
end

def time(event, text)
  at = text =~ %r{\A\d{2}/[A-Z][a-z]{2}/} ? Time.strptime(text, "%d/%b/%Y:%H:%M:%S %z") : Time.iso8601(text.sub(" ", "T"))
  offset = at.to_f - Time.now.to_f
  return event.tag("_time_refused") if offset < -EARLIEST || offset > LATEST
  event.set("@timestamp", LogStash::Timestamp.new(at.utc.iso8601(3)))
rescue ArgumentError
  event.tag("_time_refused")
end

# A value of the wrong type would cost the line its place in the index.
def check(event)
  %w[log error event http url user_agent client user trace span transaction process organization labels].each do |key|
    value = event.get(key)
    next if value.nil? || value.is_a?(Hash)
    event.remove(key)
    event.tag("_wrong_type")
  end
  whole(event, "[http][response][status_code]", 100..599)
  whole(event, "[event][duration]", 0..(1 << 62))
  address(event)
  %w[[trace][id] [span][id]].each { |name| event.remove(name) if event.get(name) && event.get(name).to_s !~ /\A\h{16,32}\z/ }
  level = event.get("[log][level]")
  event.set("[log][level]", level.to_s.downcase[0, 20]) if level
end

def whole(event, name, range)
  value = event.get(name)
  return if value.nil?
  number = value.is_a?(Numeric) ? value.to_i : (Integer(value.to_s, 10) rescue nil)
  number && range.cover?(number) ? event.set(name, number) : event.remove(name)
end

def address(event)
  text = event.get("[client][ip]")
  return if text.nil?
  ip = IPAddr.new(text.to_s[/\A[^,\s]+/].to_s)
  event.set("[client][ip]", ip.to_s)
  event.set("[@metadata][public]", true) unless ip.private? || ip.loopback? || ip.link_local?
rescue IPAddr::Error
  event.remove("[client][ip]")
  event.tag("_ip_unparsable")
end
