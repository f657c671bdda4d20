@rem Runs the local fabric that lies beside this file.
@dotnet "%~dp0fabric\azvmrole-fabric.dll" %*
@exit /b %ERRORLEVEL%
