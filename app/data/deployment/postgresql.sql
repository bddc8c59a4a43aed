-- As a superuser, once. The owner migrates (`AS_OWNER=1 xingping migrate`); the portal and its
-- workers run as xingping_app, which can't change what stands in the log.
CREATE ROLE xingping_owner LOGIN PASSWORD 'change-this-owner';
CREATE ROLE xingping_app LOGIN PASSWORD 'change-this-app';
CREATE DATABASE xingping OWNER xingping_owner TEMPLATE template0
    ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8';
\connect xingping
CREATE EXTENSION IF NOT EXISTS pg_trgm;
GRANT CONNECT ON DATABASE xingping TO xingping_app;
