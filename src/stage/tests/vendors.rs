//! Presets of helpdesks, shops and survey tools, on records in the shape their vendors publish.

use super::*;

fn preset(name: &str, text: &str) -> StagedFile {
    stage(
        &format!("name = 'a'\npath = 'a'\npreset = '{name}'\ntime_zone = 'Europe/Madrid'"),
        text,
    )
}

fn columns(staged: &StagedFile, entity: Entity, names: &[&str]) -> Vec<String> {
    let columns: Vec<_> = names.iter().map(|name| column(staged, entity, name)).collect();
    let rows = columns.first().map_or(0, Vec::len);
    (0..rows)
        .map(|row| columns.iter().map(|c| c[row].as_str()).collect::<Vec<_>>().join(" "))
        .collect()
}

#[test]
fn zendesk_macros_mark_the_reply_they_were_applied_to() {
    let lines = concat!(
        r#"{"id":1,"ticket_id":7,"created_at":"2026-01-02T10:00:00Z","author_id":5,"events":["#,
        r#"{"id":2,"type":"Comment","public":true,"body":"Hola"},{"id":3,"type":"Comment","public":false,"body":"ojo"},"#,
        r#"{"id":4,"type":"AgentMacroReference","macro_id":"900","macro_title":"Saludo"}]}"#,
        "\n",
        r#"{"id":5,"ticket_id":7,"created_at":"2026-01-02T11:00:00Z","author_id":5,"events":["#,
        r#"{"id":6,"type":"Comment","public":true,"body":"Adiós"}]}"#
    );
    let staged = preset("zendesk.ticket_audits", lines);
    assert_eq!(
        columns(&staged, Entity::Messages, &["message_id", "template_id"]),
        ["2 900", "3 -", "6 -"]
    );
}

#[test]
fn zendesk_metric_events_are_its_own_word_on_targets() {
    let staged = preset(
        "zendesk.ticket_metric_events",
        r#"{"ticket_metric_events":[
        {"id":11,"ticket_id":7,"metric":"reply_time","instance_id":1,"type":"apply_sla","time":"2026-01-02T10:00:00Z","sla":{"target":60}},
        {"id":12,"ticket_id":7,"metric":"reply_time","instance_id":1,"type":"breach","time":"2026-01-02T11:00:00Z"},
        {"id":13,"ticket_id":7,"metric":"reply_time","instance_id":2,"type":"fulfill","time":"2026-01-02T12:00:00Z"},
        {"id":14,"ticket_id":7,"metric":"reply_time","instance_id":2,"type":"update_status","time":"2026-01-02T12:00:00Z"},
        {"id":15,"ticket_id":7,"metric":"agent_work_time","instance_id":1,"type":"pause","time":"2026-01-02T12:00:00Z"},
        {"id":16,"ticket_id":7,"metric":"agent_work_time","instance_id":1,"type":"breach","deleted":true,"time":"2026-01-02T13:00:00Z"}]}"#,
    );
    assert_eq!(
        columns(
            &staged,
            Entity::TicketEvents,
            &["event_id", "sequence", "field", "value"]
        ),
        [
            "metric-11 11 vendor_sla_first_reply apply_sla",
            "metric-12 12 vendor_sla_first_reply breach",
            "metric-13 13 vendor_sla_next_reply fulfill",
            "metric-15 15 vendor_sla_agent_work pause",
        ]
    );
}

#[test]
fn gorgias() {
    let staged = preset(
        "gorgias.tickets",
        r#"{"data":[
        {"id":1,"status":"closed","channel":"email","priority":"critical","customer":{"id":9,"email":"ana@example.com"},"assignee_user":{"id":4},
         "assignee_team":{"id":2},"subject":"¿Dónde está mi pedido?","language":"es","tags":[{"name":"vip"}],"spam":false,
         "created_datetime":"2026-01-02T10:00:00.123456+00:00","updated_datetime":"2026-01-03T10:00:00+00:00","closed_datetime":"2026-01-03T09:00:00+00:00","trashed_datetime":null},
        {"id":2,"status":"open","channel":"chat","customer":{"id":9},"spam":null,"created_datetime":"2026-01-02T10:00:00+00:00",
         "updated_datetime":"2026-01-03T10:00:00+00:00","trashed_datetime":"2026-01-03T10:00:00+00:00"}]}"#,
    );
    let names = [
        "ticket_id",
        "status",
        "priority",
        "team_id",
        "agent_id",
        "contact_reason",
    ];
    assert_eq!(
        columns(&staged, Entity::Tickets, &names),
        ["1 closed urgent 2 4 wismo", "2 deleted - - - other"]
    );
    assert_eq!(
        columns(&staged, Entity::Tickets, &["vendor_solved_date", "is_spam"]),
        ["2026-01-03 false", "- false"]
    );

    let staged = preset(
        "gorgias.messages",
        r#"[{"id":1,"ticket_id":1,"public":true,"channel":"email","from_agent":false,"rule_id":null,"sender":{"id":9},"body_text":"Hola","sent_datetime":null,"created_datetime":"2026-01-02T10:00:00+00:00"},
        {"id":2,"ticket_id":1,"public":true,"channel":"email","from_agent":true,"rule_id":31,"sender":{"id":4},"created_datetime":"2026-01-02T10:01:00+00:00"},
        {"id":3,"ticket_id":1,"public":false,"channel":"internal-note","from_agent":true,"rule_id":null,"sender":{"id":4},"created_datetime":"2026-01-02T10:02:00+00:00"}]"#,
    );
    let names = ["message_id", "author_id", "author_kind", "is_public", "is_automated"];
    assert_eq!(
        columns(&staged, Entity::Messages, &names),
        ["1 9 customer true false", "2 4 bot true true", "3 4 agent false false"]
    );

    let staged = preset(
        "gorgias.satisfaction_surveys",
        r#"[{"id":1,"ticket_id":1,"customer_id":9,"score":4,"body_text":"bien","sent_datetime":"2026-01-03T10:00:00+00:00","scored_datetime":"2026-01-04T10:00:00+00:00"},
        {"id":2,"ticket_id":2,"customer_id":9,"score":null,"body_text":null,"sent_datetime":"2026-01-03T10:00:00+00:00","scored_datetime":null}]"#,
    );
    let names = ["survey_id", "kind", "score", "scale_max", "sent_date", "answered_date"];
    assert_eq!(
        columns(&staged, Entity::Surveys, &names),
        ["1 csat 4.0000 5 2026-01-03 2026-01-04", "2 csat - 5 2026-01-03 -"]
    );
}

#[test]
fn freshdesk_in_the_order_the_user_chose() {
    let staged = preset(
        "freshdesk.tickets_csv",
        "Subject,Ticket ID,Status,Priority,Source,Agent,Group,Created time,Last update time,Resolved time,Initial response time,\
         Time tracked,First response time (in hrs),Tags,Email\n\
         Devolución,100,Resolved,Medium,Portal,Ana,Tienda,2026-01-02 10:00:00,2026-01-03 10:00:00,2026-01-03 09:00:00,2026-01-02 12:30:00,\
         00:10:30,02:30:00,\"vip,return\",a@example.com\n\
         Hola,101,En taller,Urgent,Phone,,,2026-01-02 10:00:00,2026-01-02 10:00:00,,,00:00:00,,,\n",
    );
    let names = [
        "ticket_id",
        "status",
        "priority",
        "channel",
        "agent_id",
        "contact_reason",
    ];
    assert_eq!(
        columns(&staged, Entity::Tickets, &names),
        ["100 solved normal web Ana return", "101 open urgent voice - other"]
    );
    let names = [
        "created_epoch",
        "handle_seconds",
        "vendor_first_response_seconds",
        "vendor_solved_epoch",
    ];
    // 2026-01-02 10:00 in Madrid is 09:00 UTC.
    assert_eq!(
        columns(&staged, Entity::Tickets, &names),
        ["1767344400 630 9000 1767427200", "1767344400 0 - -"]
    );
}

#[test]
fn intercom() {
    let staged = preset(
        "intercom.conversations",
        r#"{"conversations":[{"id":"700","created_at":1767344400,"updated_at":1767350000,"state":"snoozed","priority":"priority",
        "admin_assignee_id":4,"team_assignee_id":0,"contacts":{"type":"contact.list","contacts":[{"id":"c1"}]},"tags":{"tags":[{"name":"refund"}]},
        "source":{"type":"conversation","body":"<p>Hola</p>","author":{"type":"user","id":"c1","email":"ana@example.com"}},
        "statistics":{"time_to_admin_reply":300,"first_admin_reply_at":1767344700},
        "conversation_rating":{"rating":5,"remark":"genial","created_at":1767349000},
        "conversation_parts":{"conversation_parts":[
          {"id":"1","part_type":"comment","created_at":1767344700,"author":{"type":"admin","id":"4"},"body":"Buenas"},
          {"id":"2","part_type":"note","created_at":1767344800,"author":{"type":"admin","id":"4"},"body":"nota"},
          {"id":"3","part_type":"assignment","created_at":1767344800,"author":{"type":"bot","id":"0"},"body":null}]}}]}"#,
    );
    let names = [
        "ticket_id",
        "status",
        "priority",
        "team_id",
        "agent_id",
        "contact_reason",
        "vendor_first_response_seconds",
    ];
    assert_eq!(
        columns(&staged, Entity::Tickets, &names),
        ["700 hold high - 4 refund 300"]
    );
    let names = ["message_id", "ticket_id", "author_id", "author_kind", "is_public"];
    assert_eq!(
        columns(&staged, Entity::Messages, &names),
        [
            "700-source 700 c1 customer true",
            "1 700 4 agent true",
            "2 700 4 agent false"
        ]
    );
    let names = ["survey_id", "score", "answered_epoch", "customer_source_id"];
    assert_eq!(columns(&staged, Entity::Surveys, &names), ["700 5.0000 1767349000 c1"]);
}

#[test]
fn woocommerce_of_two_plugins() {
    let staged = preset(
        "woocommerce.orders_csv",
        "order_number,order_id,order_date,status,order_total,shipping_total,tax_total,discount_total,order_currency,customer_id,customer_email,billing_country,line_item_1\n\
         W-1,1,01/31/2026 9:14:02,completed,54.99,4.99,8.68,5.00,eur,0,ana@example.com,ES,name:Taza|product_id:5|quantity:2|total:50\n\
         W-2,2,2026-01-31 10:00:00,cancelled,10.00,0,0,0,EUR,12,,PT,\n\
         W-2,2,2026-01-31 10:00:00,cancelled,10.00,0,0,0,EUR,12,,PT,\n",
    );
    let names = [
        "order_id",
        "financial_status",
        "fulfillment_status",
        "total_amount",
        "currency",
        "customer_source_id",
    ];
    assert_eq!(
        columns(&staged, Entity::Orders, &names),
        ["1 paid fulfilled 54.9900 EUR -", "2 voided unfulfilled 10.0000 EUR 12"]
    );
    assert_eq!(
        columns(&staged, Entity::Orders, &["created_epoch"]),
        ["1769847242", "1769850000"]
    );
    assert_eq!(staged.totals[0].duplicates, 1);
}

#[test]
fn delighted() {
    let staged = preset(
        "delighted.survey_responses",
        r#"[{"id":"r1","person":"p1","survey_type":"nps","score":9,"comment":null,"created_at":1767344400,"updated_at":1767344500},
        {"id":"r2","person":{"id":"p2","email":"ana@example.com"},"survey_type":"ces","score":6,"comment":"fácil","created_at":1767344400}]"#,
    );
    let names = [
        "survey_id",
        "kind",
        "score",
        "scale_max",
        "customer_source_id",
        "answered_date",
    ];
    assert_eq!(
        columns(&staged, Entity::Surveys, &names),
        ["r1 nps 9.0000 10 p1 2026-01-02", "r2 ces 6.0000 - p2 2026-01-02"]
    );
}

/// The example of `docs/mapping.md`: date and time in two columns, words for yes and no, blanks for abandoned calls.
#[test]
fn calls_of_a_switchboard() {
    let toml = r#"
        name = "calls"
        path = "calls.csv"
        system = "switchboard"
        [[entity]]
        name = "interactions"
        [entity.fields]
        interaction_id = "Call Id"
        channel = { value = "voice" }
        direction = { value = "inbound" }
        started_at = { template = "{Date} {Time}", format = "%d/%m/%Y %H:%M:%S" }
        agent_id = "Agent"
        outcome = { path = "Answered (Y/N)", map = { Y = "answered", N = "abandoned" } }
        wait_seconds = "Speed of answer in seconds"
        talk_seconds = { path = "AvgTalkDuration", unit = "hh:mm:ss" }
    "#;
    let staged = stage(
        toml,
        "Call Id,Agent,Date,Time,Answered (Y/N),Speed of answer in seconds,AvgTalkDuration,Satisfaction rating\n\
         ID0001,Diane,1/1/2026,9:12:58,Y,109,00:02:23,3\n\
         ID0002,Becky,1/1/2026,9:14:24,N,,,\n",
    );
    let names = [
        "interaction_id",
        "started_epoch",
        "outcome",
        "wait_seconds",
        "talk_seconds",
        "is_test",
    ];
    assert_eq!(
        columns(&staged, Entity::Interactions, &names),
        [
            "ID0001 1767255178 answered 109 143 false",
            "ID0002 1767255264 abandoned - - false"
        ]
    );
}
