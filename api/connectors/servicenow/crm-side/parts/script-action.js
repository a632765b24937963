new CrmSync().deliver(String(event.parm1), String(event.parm2));
