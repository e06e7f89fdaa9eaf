# A REFERENCE INTERPRETER of the few filters that the pipelines use, on the Ruby that Logstash itself runs on (JRuby).
#
# Real: the Ruby engine and so every regular expression, JSON, IPAddr and the pipelines' own scripts. Not Logstash's:
# the event, conditions, mutate, drop, prune, and stand-ins of geoip and useragent, which need databases.
#
# Reads one JSON document a line: first the pipeline, then events; answers each with the events that came out and where.

require "json"
require "time"

module LogStash
  Timestamp = Struct.new(:text) do
    def to_s = text
  end
end

class Event
  def initialize(data)
    @all = { "@metadata" => {} }.merge(data)
  end

  def data = @all.reject { |name, _| name == "@metadata" }

  def metadata = @all["@metadata"]

  def get(reference)
    path(reference).reduce(@all) { |into, name| into.is_a?(Hash) ? into[name] : (return nil) }
  end

  def set(reference, value)
    *parents, last = path(reference)
    into = parents.reduce(@all) { |at, name| at[name].is_a?(Hash) ? at[name] : (at[name] = {}) }
    into[last] = value
  end

  def remove(reference)
    *parents, last = path(reference)
    into = parents.reduce(@all) { |at, name| at.is_a?(Hash) ? at[name] : nil }
    into.delete(last) if into.is_a?(Hash)
  end

  def tag(name)
    @all["tags"] = (Array(@all["tags"]) + [name]).uniq
  end

  # A copy, as Logstash's is.
  def to_hash = Marshal.load(Marshal.dump(data))

  def fill(text)
    text.gsub(/%\{([^}]+)\}/) { get($1).nil? ? $& : get($1).to_s }
  end

  private

  def path(reference)
    reference.start_with?("[") ? reference.scan(/\[([^\[\]]+)\]/).flatten : [reference]
  end
end

class Interpreter
  def initialize(setup)
    @files, @environment, @scripts = setup["files"], setup["environment"], {}
    @sections = setup["sections"]
    Kernel.srand(setup["seed"] || 1)
  end

  def run(data)
    event = Event.new(data)
    sent = catch(:dropped) do
      @sections.each { |section| section["section"] == "filter" && filters(section["body"], event) }
      @sections.select { |section| section["section"] == "output" }.flat_map { |section| outputs(section["body"], event) }
    end
    sent == :dropped ? nil : { "event" => event.data, "metadata" => event.metadata, "sent" => sent }
  end

  def filters(body, event)
    body.each do |step|
      step["cases"] ? filters(chosen(step, event), event) : send("filter_#{step["plugin"]}", step["options"], event)
    end
  end

  def outputs(body, event)
    body.flat_map do |step|
      next outputs(chosen(step, event), event) if step["cases"]
      step["plugin"] == "pipeline" ? step["options"]["send_to"] : [step["plugin"]]
    end
  end

  def chosen(step, event)
    (step["cases"].find { |each| each["if"].nil? || truth(each["if"], event) } || { "then" => [] })["then"]
  end

  def truth(node, event)
    case node[0]
    when "and" then truth(node[1], event) && truth(node[2], event)
    when "or" then truth(node[1], event) || truth(node[2], event)
    when "not" then !truth(node[1], event)
    when "in" then (held = value(node[2], event)) ? held.include?(value(node[1], event)) : false
    when "==" then value(node[1], event) == value(node[2], event)
    when "!=" then value(node[1], event) != value(node[2], event)
    when "=~" then value(node[1], event).to_s.match?(Regexp.new(node[2][1]))
    when "<", ">", "<=", ">=" then (left = value(node[1], event)) ? left.send(node[0], value(node[2], event)) : false
    else (found = value(node, event)) && found != false ? true : false
    end
  end

  def value(node, event)
    node[0] == "field" ? event.get(node[1].map { |name| "[#{name}]" }.join) : node[1]
  end

  def configured(text)
    text.gsub(/\$\{(\w+)\}/) { @environment.fetch($1) }
  end

  def filter_ruby(options, event)
    script(options).filter(event)
  rescue StandardError => error
    event.set("[@metadata][raised]", "#{error.class}: #{error.message}")
    event.tag("_rubyexception")
  end

  def script(options)
    @scripts[options["path"]] ||= Object.new.tap do |made|
      made.instance_eval(@files.fetch(File.basename(options["path"])), options["path"])
      params = options["script_params"].transform_values { |each| each.is_a?(String) ? configured(each) : each }
      made.register(params)
    end
  end

  def filter_mutate(options, event)
    (options["replace"] || {}).each { |name, text| event.set(name, event.fill(configured(text))) }
    common(options, event)
  end

  def filter_drop(options, event)
    throw :dropped, :dropped if Kernel.rand < (options["percentage"] || 100) / 100.0
  end

  def filter_prune(options, event)
    kept = options["whitelist_names"].map { |pattern| Regexp.new(pattern) }
    event.data.each_key { |name| event.remove(name) if kept.none? { |pattern| pattern.match?(name) } }
  end

  # Says where everybody is, so that a test sees whom it was asked about.
  def filter_geoip(options, event)
    event.set("[client][geo]", { "country_iso_code" => "CA" })
    event.set("[@metadata][located]", event.get(options["source"]))
  end

  def filter_useragent(options, event)
    event.set("[user_agent][name]", event.get(options["source"])[/\A[A-Za-z]+/] || "Other")
  end

  def common(options, event)
    (options["add_field"] || {}).each { |name, text| event.set(name, event.fill(configured(text))) }
    Array(options["add_tag"]).each { |name| event.tag(name) }
    Array(options["remove_field"]).each { |name| event.remove(name) }
  end
end

$stdout.sync = true
interpreter = nil
$stdin.each_line do |line|
  document = JSON.parse(line, max_nesting: 0)
  if document.key?("sections")
    interpreter = Interpreter.new(document)
    puts "{}"
  else
    puts JSON.generate(interpreter.run(document), max_nesting: 0)
  end
end
