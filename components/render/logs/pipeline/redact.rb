# Takes out of a line what must not be stored. Where it raises, the pipeline withholds the whole line.

require "ipaddr"

HIDDEN = "<redacted>".freeze
# What Kubernetes and Filebeat say, and ids that only look like something else.
KEPT = %w[@timestamp @version @metadata kubernetes host agent ecs input tags service data_stream trace span client].freeze

# Measures, which only look like the number of somebody.
MEASURED = %w[[event][duration] [http][request][body][bytes] [http][response][body][bytes]].freeze

# Nothing below repeats without a bound where another repetition follows: a long line would take minutes.
NAME = /pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|authorization|cookie|credential|session[_-]?id|jwt|otp/i.freeze
SECRETS = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\z)/m, HIDDEN],
  [/\b(bearer|basic|digest)\s+[A-Za-z0-9+\/=._~-]{8,}/i, "\\1 #{HIDDEN}"],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?/, HIDDEN],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/, HIDDEN],
  [/\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|xox[abprs]-[A-Za-z0-9-]{10,}|sk_(?:live|test)_\w{10,}|glpat-[\w-]{15,})/, HIDDEN],
  [/(:\/\/)[^\s\/@:]{0,256}:[^\s\/@]{1,256}@/i, "\\1#{HIDDEN}@"],
  [/((?:#{NAME.source})[\w-]{0,64}\\?["']?\s{0,4}(?:=>|[:=])\s{0,4})(?:(?:bearer|basic|digest)\s+)?(?:\\?"[^"\\]*\\?"|'[^']*'|[^\s"',;&}\]]+)/i, "\\1#{HIDDEN}"]
].freeze

NUMBER = /(?<![\d.:-])\d{3}(?<gap>[ -]?)\d{3}\k<gap>\d{3}(?![\d.:-]*\d)/.freeze
# Of a request or a trace. They are random, and nine of their digits are nobody's number.
ID = /(?<![0-9A-Za-z])(?:\h{8}(?:-\h{4}){3}-\h{12}|\h{16,64})(?![0-9A-Za-z])/.freeze
ID_OR_NUMBER = Regexp.union(ID, NUMBER).freeze
PERSONAL = [
  [/[A-Za-z0-9._+-]{1,64}(?:@|%40)[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}/, "<email>"],
  [/(?<![A-Za-z0-9])[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z](?:[ +-]|%20)?\d[ABCEGHJ-NPRSTV-Z]\d(?![A-Za-z0-9])/i, "<postal code>"]
].freeze
FOUR = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.]*\d)/.freeze
SIX = /(?<![0-9A-Za-z:.])[0-9A-Fa-f:.]{2,45}(?![0-9A-Za-z:])/.freeze

def register(params)
  @evidence = params["evidence"]
end

def filter(event)
  @whole = @evidence.include?(event.get("[@metadata][class]"))
  measured = MEASURED.map { |name| [name, event.get(name)] }.select { |_, value| value.is_a?(Integer) }
  event.to_hash.each do |key, value|
    event.set("[#{key}]", clean(value, key)) unless KEPT.include?(key)
  end
  measured.each { |name, value| event.set(name, value) }
  truncate(event) unless @whole
  event.set("[@metadata][clean]", true)
  [event]
end

def clean(value, key)
  case value
  when String then key.to_s.match?(NAME) ? HIDDEN : text(value)
  when Hash then value.map { |name, each| [name, clean(each, name)] }.to_h
  when Array then value.map { |each| clean(each, key) }
  else
    # A number can be a number of somebody.
    value.is_a?(Integer) && value.between?(100_000_000, 999_999_999) && luhn?(value.to_s) ? "<number>" : value
  end
end

def text(value)
  SECRETS.each { |pattern, instead| value = value.gsub(pattern, instead) }
  # A number that is written in groups is one; without them, only one that adds up.
  value = value.gsub(ID_OR_NUMBER) { |found| !found.match?(ID) && (found =~ /\D/ || luhn?(found)) ? "<number>" : found }
  return value if @whole
  PERSONAL.each { |pattern, instead| value = value.gsub(pattern, instead) }
  value = value.gsub(FOUR) { |found| masked(found) }
  value.gsub(SIX) { |found| found.count(":") > 1 ? masked(found.sub(/\.\z/, "")) : found }
end

def luhn?(number)
  digits = number.scan(/\d/).map(&:to_i)
  digits.reverse.each_with_index.sum { |digit, index| index.odd? ? digit * 2 - (digit > 4 ? 9 : 0) : digit } % 10 == 0
end

# The network, which still tells a town and a provider, and no longer a household.
def masked(found)
  ip = IPAddr.new(found)
  ip.mask(ip.ipv4? ? 24 : 48).to_s
rescue IPAddr::Error
  found
end

def truncate(event)
  ip = event.get("[client][ip]")
  event.set("[client][ip]", masked(ip)) if ip
  event.remove("[client][address]")
end
