-- SPDX-License-Identifier: Apache-2.0
-- What a market would build instead of Hulan: an auction in PostgreSQL with a stored procedure that checks the
-- bid, holds the new leader's bonds, releases the old one's, extends the close, and stores the bid.
CREATE TABLE accounts (
  id int PRIMARY KEY,
  available bigint NOT NULL CHECK (available >= 0),
  performance bigint NOT NULL DEFAULT 0 CHECK (performance >= 0),
  trading bigint NOT NULL DEFAULT 0 CHECK (trading >= 0)
) WITH (fillfactor = 50);

CREATE TABLE lots (
  id int PRIMARY KEY,
  seller int NOT NULL,
  grams bigint NOT NULL,
  best bigint NOT NULL,
  step bigint NOT NULL,
  leader int,
  leader_performance bigint NOT NULL DEFAULT 0,
  leader_trading bigint NOT NULL DEFAULT 0,
  bids int NOT NULL DEFAULT 0,
  close_at timestamptz NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE bids (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  lot int NOT NULL,
  buyer int NOT NULL,
  price bigint NOT NULL,
  at timestamptz NOT NULL
);

CREATE SEQUENCE price_li START 10000;

INSERT INTO accounts SELECT n, 9000000000000 FROM generate_series(1, 1000) n;
INSERT INTO lots SELECT n, 0, 23000000, 10000, 1, NULL, 0, 0, 0, now() + interval '1 day'
  FROM generate_series(1, 1000) n;

CREATE FUNCTION place_bid(the_lot int, the_buyer int, the_price bigint) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  lot lots%ROWTYPE;
  nominal bigint;
  new_performance bigint;
  new_trading bigint;
BEGIN
  SELECT * INTO lot FROM lots WHERE id = the_lot FOR UPDATE;
  IF NOT FOUND THEN RETURN 'unknown_lot'; END IF;
  IF now() >= lot.close_at THEN RETURN 'auction_closed'; END IF;
  IF lot.seller = the_buyer THEN RETURN 'own_lot'; END IF;
  IF lot.leader = the_buyer THEN RETURN 'already_leading'; END IF;
  IF the_price < lot.best + lot.step THEN RETURN 'bid_too_low'; END IF;
  nominal := (the_price * lot.grams + 5000) / 10000;
  new_performance := (nominal * 500 + 9999) / 10000;
  new_trading := (nominal * 50 + 9999) / 10000;
  -- Both accounts are locked in the order of their numbers, else two auctions could wait for each other.
  PERFORM 1 FROM accounts WHERE id IN (the_buyer, lot.leader) ORDER BY id FOR UPDATE;
  UPDATE accounts SET available = available - new_performance - new_trading,
         performance = performance + new_performance, trading = trading + new_trading
   WHERE id = the_buyer AND available >= new_performance + new_trading;
  IF NOT FOUND THEN RETURN 'no_funds'; END IF;
  IF lot.leader IS NOT NULL THEN
    UPDATE accounts SET available = available + lot.leader_performance + lot.leader_trading,
           performance = performance - lot.leader_performance, trading = trading - lot.leader_trading
     WHERE id = lot.leader;
  END IF;
  UPDATE lots SET best = the_price, leader = the_buyer, leader_performance = new_performance,
         leader_trading = new_trading, bids = bids + 1,
         close_at = greatest(close_at, now() + interval '120 s')
   WHERE id = the_lot;
  INSERT INTO bids (lot, buyer, price, at) VALUES (the_lot, the_buyer, the_price, now());
  RETURN 'ok';
END
$$;
