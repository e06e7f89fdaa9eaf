"""What Elasticsearch, Kibana and Logstash are told about the classes of logs: pure documents."""
