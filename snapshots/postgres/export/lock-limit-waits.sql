SELECT set_config('lock_timeout', $1, true) WHERE current_setting('lock_timeout') = '0'
