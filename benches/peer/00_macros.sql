-- What the job file says, and how texts are read. The driver sets the variables data, hash_key, default_schedule and
-- fills the table schedule_clock; the session's time zone is the job's.
CREATE MACRO local_date(t) AS timezone('UTC', t)::DATE;

CREATE MACRO month_of(d) AS strftime(d, '%Y-%m');

-- A keyed hash. DuckDB has no BLAKE3, which postventa uses; MD5 is the cheapest it has.
CREATE MACRO keyed_hash(kind, text) AS md5(getvariable('hash_key') || kind || ':' || text);

CREATE MACRO email_of(text) AS if(
    regexp_full_match(lower(trim(text)), '[^@\s,;<>]+@[^@\s,;<>.]+(\.[^@\s,;<>.]+)+'),
    keyed_hash('email', lower(trim(text))),
    NULL
);

CREATE MACRO phone_of(text) AS (
    if(
        length(regexp_replace(text, '[^0-9]', '', 'g')) BETWEEN 7 AND 15,
        keyed_hash('phone', regexp_replace(regexp_replace(text, '[^0-9+]', '', 'g'), '^00', '+')),
        NULL
    )
);

CREATE MACRO contact(email, phone) AS coalesce(email_of(email), phone_of(phone));

CREATE MACRO csat_label(text) AS CASE lower(text)
    WHEN 'good' THEN 'good'
    WHEN 'goodwithcomment' THEN 'good'
    WHEN 'bad' THEN 'bad'
    WHEN 'badwithcomment' THEN 'bad'
    WHEN 'offered' THEN 'offered'
END;

-- The first rule with one of the tags; else the first with a word of the subject; else other.
CREATE MACRO reason_of_words(words) AS CASE
    WHEN regexp_matches(words, ' (cancel|cancelar|cancelacion|anular|cancelamento) ') THEN 'cancel'
    WHEN regexp_matches(words, ' (damaged|broken|defective|faulty|roto|rota|danado|defectuoso|quebrado|avariado|com defeito) ') THEN 'damaged'
    WHEN regexp_matches(words, ' (exchange|wrong size|different size|swap|cambio|cambiar|otra talla|troca|trocar) ') THEN 'exchange'
    WHEN regexp_matches(words, ' (refund|money back|reembolso|devolucion del dinero|reintegro|estorno) ') THEN 'refund'
    WHEN regexp_matches(words, ' (return|returns|send back|devolver|devolucion|devolucao) ') THEN 'return'
    WHEN regexp_matches(words, ' (warranty|guarantee|garantia) ') THEN 'warranty'
    WHEN regexp_matches(words, ' (where is my order|where is my package|tracking|track|delivery|not arrived|not received|shipment|donde esta mi pedido|seguimiento|envio|entrega|no ha llegado|no llega|onde esta|rastreio|nao chegou) ') THEN 'wismo'
    WHEN regexp_matches(words, ' (payment|charged|invoice|billing|pago|cobro|factura|pagamento|fatura|cobranca) ') THEN 'payment'
    WHEN regexp_matches(words, ' (stock|restock|back in stock|disponible|disponibilidad|estoque|disponivel) ') THEN 'stock'
    WHEN regexp_matches(words, ' (discount|coupon|promo code|voucher|descuento|cupon|desconto|cupom|preventa) ') THEN 'presales'
    WHEN regexp_matches(words, ' (password|login|log in|contrasena|mi cuenta|senha|minha conta) ') THEN 'account'
    WHEN regexp_matches(words, ' (size guide|product|how to|producto|talla|medidas|produto|tamanho|como usar) ') THEN 'product_question'
    ELSE 'other'
END;

CREATE MACRO contact_reason(tags, subject) AS CASE
    WHEN list_has_any(tags, ['cancel', 'cancellation']) THEN 'cancel'
    WHEN list_has_any(tags, ['damaged', 'broken', 'defective']) THEN 'damaged'
    WHEN list_has_any(tags, ['exchange', 'size']) THEN 'exchange'
    WHEN list_has_any(tags, ['refund']) THEN 'refund'
    WHEN list_has_any(tags, ['return', 'returns']) THEN 'return'
    WHEN list_has_any(tags, ['warranty']) THEN 'warranty'
    WHEN list_has_any(tags, ['wismo', 'shipping', 'delivery', 'tracking']) THEN 'wismo'
    WHEN list_has_any(tags, ['payment', 'billing', 'invoice']) THEN 'payment'
    WHEN list_has_any(tags, ['stock', 'restock']) THEN 'stock'
    WHEN list_has_any(tags, ['presales', 'presale', 'discount']) THEN 'presales'
    WHEN list_has_any(tags, ['account', 'login']) THEN 'account'
    WHEN list_has_any(tags, ['product', 'product_question']) THEN 'product_question'
    ELSE reason_of_words(
        ' ' || regexp_replace(strip_accents(lower(coalesce(subject, ''))), '[^\p{L}\p{N}]+', ' ', 'g') || ' '
    )
END;

CREATE MACRO month_number(d) AS (year(d) * 12 + month(d) - 1)::BIGINT;

-- What the business clock shows at an instant, from the row of schedule_clock of its UTC day: at most two open segments.
CREATE MACRO clock(c, t) AS (
    c.day_clock
    + greatest(least(t, c.to_1) - c.from_1, 0)
    + greatest(least(t, c.to_2) - c.from_2, 0)
);

-- One measure of a group of tickets.
CREATE MACRO part(measure, items, timed_items, seconds, business_items, business_seconds) AS {
    measure: measure,
    items: items::BIGINT,
    timed_items: timed_items::BIGINT,
    seconds: seconds::BIGINT,
    business_items: business_items::BIGINT,
    business_seconds: business_seconds::BIGINT
};
